# Need beside access, and one layer compared with another.
layer-need-access = Need and access
layer-need-access-question = Where is need high, and access to a { $service } poor?
class-bivariate-high-poor = High need, poor access
class-bivariate-high-fair = High need, fair access
class-bivariate-high-good = High need, good access
class-bivariate-medium-poor = Medium need, poor access
class-bivariate-medium-fair = Medium need, fair access
class-bivariate-medium-good = Medium need, good access
class-bivariate-low-poor = Low need, poor access
class-bivariate-low-fair = Low need, fair access
class-bivariate-low-good = Low need, good access
class-bivariate-unknown = Unknown: a figure is missing
column-need-access-name = Area
column-need-access-decile = Deprivation decile (1 = most deprived)
column-need-access-rank = Deprivation rank (1 = most deprived)
column-need = Need
column-access = Access
text-need-high = high
text-need-medium = medium
text-need-low = low
text-access-poor = poor
text-access-fair = fair
text-access-good = good
square-of = Need and access, area by area
square-means = Each square: areas, then { $people }. Choose one to see its areas alone; choose it again for all.
square-high = High need: most deprived third
square-medium = Medium need
square-low = Low need: least deprived third
square-good = Good access: most within { $cutoff } minutes
square-fair = Fair access: most within { $twice }
square-poor = Poor access: most beyond { $twice }
square-cell =
    { $areas ->
        [0] { $label }: no area
        [one] { $label }: { $count } area, { $children } { $people }
       *[other] { $label }: { $count } areas, { $children } { $people }
    }

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

# One layer compared with another.
compare = Compare with another layer
compare-beside = Beside it
compare-beside-go = Show side by side
compare-against = What changes to
compare-against-go = Show the change
compare-end = Stop comparing
compare-left = Left: { $title }
compare-right = Right: { $title }
compare-at = Where the two meet
compare-twin = The table of { $title }
compare-swipe-title = { $one } beside { $other }
compare-change-title =
    { $one ->
        [same] Change: { $other }
       *[other] Change: { $one } → { $other }
    }
compare-change-question = Where is it more than before, and where less?
compare-told = { $name }. { $first }: { $one }. { $second }: { $two }.
compare-change = Change
change-same = No change
change-up-to =
    { $way ->
        [more] up to { $high } more
       *[less] up to { $high } less
    }
change-between =
    { $way ->
        [more] { $low } to { $high } more
       *[less] { $low } to { $high } less
    }
change-over =
    { $way ->
        [more] over { $low } more
       *[less] over { $low } less
    }
change-reached-now = A way now, where there was none
change-lost = No way now, where there was one
change-unreachable = No way before nor now
change-suppressed = Withheld, to protect small numbers
change-nobody = Nobody to count among
change-not-covered = Not covered by the street map
change-unknown = Unknown: a figure is missing
change-told =
    { $way ->
        [same] { $name }: { $before } before and { $after } after: no change.
        [more] { $name }: { $before } before and { $after } after: { $size } more.
       *[less] { $name }: { $before } before and { $after } after: { $size } less.
    }
change-told-not = { $name }: { $before } before; { $after } after.
change-finding =
    { $rest ->
        [0] Of { $total } areas: { $more } with more than before, { $less } with less, { $same } the same.
       *[other] Of { $total } areas: { $more } with more than before, { $less } with less, { $same } the same; { $rest } whose change is not known.
    }

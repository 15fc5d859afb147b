# Angen ochr yn ochr â mynediad, ac un haen wedi’i chymharu ag un arall.
layer-need-access = Angen a mynediad
layer-need-access-question = Ble mae’r angen yn uchel, a mynediad at wasanaeth ({ $service }) yn wael?
class-bivariate-high-poor = Angen uchel, mynediad gwael
class-bivariate-high-fair = Angen uchel, mynediad gweddol
class-bivariate-high-good = Angen uchel, mynediad da
class-bivariate-medium-poor = Angen canolig, mynediad gwael
class-bivariate-medium-fair = Angen canolig, mynediad gweddol
class-bivariate-medium-good = Angen canolig, mynediad da
class-bivariate-low-poor = Angen isel, mynediad gwael
class-bivariate-low-fair = Angen isel, mynediad gweddol
class-bivariate-low-good = Angen isel, mynediad da
class-bivariate-unknown = Anhysbys: mae ffigur ar goll
column-need-access-name = Ardal
column-need-access-decile = Degradd amddifadedd (1 = mwyaf difreintiedig)
column-need-access-rank = Safle amddifadedd (1 = mwyaf difreintiedig)
column-need = Angen
column-access = Mynediad
text-need-high = uchel
text-need-medium = canolig
text-need-low = isel
text-access-poor = gwael
text-access-fair = gweddol
text-access-good = da
square-of = Angen a mynediad, fesul ardal
square-means = Pob sgwâr: ardaloedd, yna { $people }. Dewiswch un i weld ei ardaloedd yn unig; dewiswch ef eto i weld pob un.
square-high = Angen uchel: y traean mwyaf difreintiedig
square-medium = Angen canolig
square-low = Angen isel: y traean lleiaf difreintiedig
square-good = Mynediad da: y rhan fwyaf o fewn { $cutoff } munud
square-fair = Mynediad gweddol: y rhan fwyaf o fewn { $twice }
square-poor = Mynediad gwael: y rhan fwyaf y tu hwnt i { $twice }
square-cell =
    { $areas ->
        [0] { $label }: dim ardal
        [one] { $label }: { $count } ardal, { $children } ({ $people })
       *[other] { $label }: { $count } ardal, { $children } ({ $people })
    }

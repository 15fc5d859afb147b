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

# Un haen wedi’i chymharu ag un arall.
compare = Cymharu â haen arall
compare-beside = Ochr yn ochr â hi
compare-beside-go = Dangos ochr yn ochr
compare-against = Beth sy’n newid i
compare-against-go = Dangos y newid
compare-end = Rhoi’r gorau i gymharu
compare-left = Chwith: { $title }
compare-right = De: { $title }
compare-at = Lle mae’r ddwy’n cwrdd
compare-twin = Tabl { $title }
compare-swipe-title = { $one } ochr yn ochr â { $other }
compare-change-title =
    { $one ->
        [same] Newid: { $other }
       *[other] Newid: { $one } → { $other }
    }
compare-change-question = Ble mae mwy nag o’r blaen, a ble mae llai?
compare-told = { $name }. { $first }: { $one }. { $second }: { $two }.
compare-change = Newid
change-same = Dim newid
change-up-to =
    { $way ->
        [more] hyd at { $high } yn fwy
       *[less] hyd at { $high } yn llai
    }
change-between =
    { $way ->
        [more] { $low } i { $high } yn fwy
       *[less] { $low } i { $high } yn llai
    }
change-over =
    { $way ->
        [more] dros { $low } yn fwy
       *[less] dros { $low } yn llai
    }
change-reached-now = Ffordd nawr, lle nad oedd un
change-lost = Dim ffordd nawr, lle roedd un
change-unreachable = Dim ffordd cynt na nawr
change-suppressed = Wedi’i gadw’n ôl, i ddiogelu niferoedd bach
change-nobody = Neb i’w cyfrif
change-not-covered = Nid yw ar y map strydoedd
change-unknown = Anhysbys: mae ffigur ar goll
change-told =
    { $way ->
        [same] { $name }: { $before } cynt ac { $after } wedyn: dim newid.
        [more] { $name }: { $before } cynt ac { $after } wedyn: { $size } yn fwy.
       *[less] { $name }: { $before } cynt ac { $after } wedyn: { $size } yn llai.
    }
change-told-not = { $name }: { $before } cynt; { $after } wedyn.
change-finding =
    { $rest ->
        [0] O { $total } ardal: { $more } â mwy nag o’r blaen, { $less } â llai, { $same } yr un faint.
       *[other] O { $total } ardal: { $more } â mwy nag o’r blaen, { $less } â llai, { $same } yr un faint; { $rest } heb wybod eu newid.
    }

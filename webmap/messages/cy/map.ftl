# Y map a’r tabl.
skip-the-map = Neidio dros y map: mynd i’r tabl
map-of = Map o { $place }
map-help = Pan fo’r map dan ffocws, mae’r bysellau saeth yn ei symud, + a − yn chwyddo, N a P yn camu drwy nodweddion y tabl, Enter yn agor proffil yr ardal a ddewiswyd, Space yn ei chynnwys ymysg sawl un, ac Escape yn ei gollwng.
map-needs-scripts = Mae angen JavaScript ar y map; mae popeth a ddangosir arno yn y tablau.
show = Dangos
rail-reached = Pwy sydd o fewn cyrraedd
rail-settings = Gwasanaethau
rail-time = Amser
rail-hotspots = Mannau poeth
view-now = Nawr
view-clusters = Clystyrau
view-through-time = Dros amser
legend-of = Allwedd: { $title }
kind = Math
noun-polygon = Ardaloedd
noun-line = Grwpiau
noun-point = Mannau
noun-none = Rhesi
how-worked-out = Sut y cyfrifwyd hyn
download-layer = Lawrlwytho’r haen hon
download-whole = Mae’r ffeiliau hyn yn cynnwys pob rhes a cholofn o’r haen.
what-columns-mean = Ystyr y colofnau
cut = Dangosir y { $shown } cyntaf o { $total }; gweld y lleill.
on-paper = Yr wyth colofn gyntaf sydd ar bapur; mae’r cwbl yn y ffeiliau i’w lawrlwytho.
reach-title = Cyrhaeddiad o fan
reach-within = O fewn
reach-spot = Hydred, lledred
reach-show = Dangos
reach-or = neu wasanaeth ({ $service })
reach-choose = Dewis …
reach-mode = Drwy
reach-others = Pobl eraill
classes-shown = Dangos y rhain yn unig
narrow = Gosod
rows-shown = Rhesi { $first } i { $last } o { $total }.
same-on-map = Yr un peth ar y map
no-rows = Nid oes rhes ar ôl; dangoswch ragor o fathau.
pages-of-table = Tudalennau’r tabl
page-of = Tudalen { $page } o { $pages }

# Panel y trothwy.
threshold = Yr amser hiraf sy’n dderbyniol
threshold-own = Yn ôl i drothwy’r astudiaeth, { limit }
threshold-judge = Barnu yn ôl yr amser hwn
threshold-note = Dim ond y trothwy sy’n newid, o drothwy’r astudiaeth, { limit }: statws, nifer y bobl ({ $people }) y tu hwnt iddo a’u cyfran. Erys amseroedd arferol a lleoedd o fewn cyrraedd fel yn yr astudiaeth; mae’r ffeiliau i’w lawrlwytho yn dilyn y trothwy.

# Sawl ardal gyda’i gilydd.
select = Dewis sawl ardal
select-box = Tynnu blwch
select-lasso = Tynnu llinell o’u cwmpas
select-all = Y cwbl o
select-take = Eu dewis
select-clear = Dewis dim un
select-together = Ardaloedd a ddewiswyd gyda’i gilydd
select-every = Dangos pob rhes
select-add = Y rhai a diciwyd yn unig, wedi’u hadio
select-json = Anfonwch JSON fel { $example }.
select-layer = Rhaid i layer fod yn un o haenau’r ardaloedd: { $layers }.
select-t = Rhaid i t fod yn destun.
select-ids = Rhaid i ids fod yn rhestr o godau ardaloedd.
select-most = Caiff ids enwi { $most } ardal, nid { $given }.
select-no-area =
    { $more ->
        [0] Nid oes ardal { $codes } yma.
       *[other] Nid oes ardal { $codes } yma, na { $more } arall.
    }
select-polygon = Rhaid i polygon fod yn rhestr o leiaf dri [hydred, lledred].
select-corners = Caiff polygon fod â { $most } cornel, nid { $given }.

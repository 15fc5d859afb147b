# Yr hyn mae sgriptiau’r map yn ei ddweud hefyd: mae’r porwr yn darllen yr un ffeil.
nothing-chosen = Dim wedi’i ddewis
choose-something = Dewiswch fan ar y map neu yn y tabl i ddarllen amdano.
not-in-layer = Nid oes “{ $id }” yn { $layer }.
open-profile = Agor proffil yr ardal hon
close = Cau
all-of = { $title }: y cwbl, { $count }
some-of-all = { $title }: { $count } o { $total }
earlier-rows = Rhesi cynharach
later-rows = Rhesi diweddarach
rows-of = { $first }–{ $last } o { $total }
wider-table = Tabl lletach
readout = { $at } o { $total }: { $told }
in-the-table = { $title }: { $count } yn y tabl.
no-place = Nid oes lle i’r rhain ar y map; mae’r tabl yn eu rhestru.
layer-failed = Ni ellir dangos yr haen hon. { $why }
base-map-failed = Ni ellir dangos y map sylfaen. { $why }
newer-results = Mae canlyniadau newydd wedi disodli’r rhain; ail-lwythwch y dudalen i’w gweld.
server-failed = Methodd y gweinydd ag ateb.
zoom-in = Chwyddo i mewn
zoom-out = Chwyddo allan
band-minutes = { $minutes } mun
reach-ready = Cliciwch ar y map, llusgwch y marciwr, neu rhowch fan yma.
reach-waiting = Mae’r strydoedd yn cael eu paratoi …
reach-no-spot = Rhowch hydred a lledred gyda choma rhyngddynt, megis -1.25,51.75.
reach-live-within = { $People }: mae { $count } yn byw o fewn { $minutes } munud { $journey ->
        [cerdded] ar droed
        [beicio] ar feic
        [gyrru] mewn car
       *[other] ({ $journey })
    } i’r fan hon.
reach-minutes = { $minutes } munud
reach-error = Cartrefi { $place } yn unig a gyfrifir, pob un yn ôl ei ffordd ei hun. O’r rhai y tu mewn i’r llinell bellaf, mae { $beyond } ymhellach mewn gwirionedd; o’r rhai o fewn cyrraedd, mae { $outside } y tu allan iddi.
reach-of-this = Cyrhaeddiad y gwasanaeth hwn ({ $service })
opacity = Cryfder yr haen
legend-none = Dim yma: { $classes }.
layer-coming = Wrthi’n nôl { $title } …
only-this-class = Dangos neu guddio: { $label }
cell-yes = ie
cell-no = na
cell-chance-under = o dan { $least }
cell-none = dim
cell-unknown = anhysbys
cell-not-covered = nid yw ar y map strydoedd
cell-no-network = dim strydoedd i deithio arnynt yma
cell-unreachable = dim modd cyrraedd { $mode ->
        [cerdded] ar droed
        [beicio] ar feic
        [gyrru] mewn car
       *[other] ({ $mode })
    }

# Y canfyddiad, o’i ddweud o’r newydd ar drothwy arall.
limit =
    { $minutes ->
        [one] { $cutoff } funud
        [two] { $cutoff } funud
       *[other] { $cutoff } munud
    } { $journey ->
        [cerdded] ar droed
        [beicio] ar feic
        [gyrru] mewn car
       *[other] ({ $journey })
    }
headline-none-deprived = Nid oes yr un ardal yma yn negradd amddifadedd { $deciles }
headline-underserved =
    { $deprived ->
        [1] { $People }: yn yr unig ardal ddifreintiedig yma, mae { $count } yn byw ymhellach na { limit } o’r gwasanaeth agosaf ({ $service })
       *[other] { $People }: yn { $flagged } o’r { $deprived } ardal fwyaf difreintiedig, mae { $count } yn byw ymhellach na { limit } o’r gwasanaeth agosaf ({ $service })
    }
headline-not-covered =
    { $deprived ->
        [1] Nid yw’r map strydoedd yn cynnwys digon o’r unig ardal ddifreintiedig yma i ddweud sut y gwasanaethir { $people }
       *[other] Nid yw’r map strydoedd yn cynnwys digon o’r { $deprived } ardal fwyaf difreintiedig i ddweud sut y gwasanaethir { $people }
    }
headline-reached =
    { $deprived ->
        [1] { $People }: yn yr unig ardal ddifreintiedig yma, nid oes mwy na { $share } yn byw ymhellach na { limit } o’r gwasanaeth agosaf ({ $service })
       *[other] { $People }: nid oes mwy na { $share } yn byw ymhellach na { limit } o’r gwasanaeth agosaf ({ $service }) yn yr un o’r { $deprived } ardal fwyaf difreintiedig
    }
headline-reached-partly =
    { $sure ->
        [1] { $People }: yn yr unig un o’r { $deprived } ardal fwyaf difreintiedig sydd ar y map strydoedd, nid oes mwy na { $share } yn byw ymhellach na { limit } o’r gwasanaeth agosaf ({ $service })
       *[other] { $People }: nid oes mwy na { $share } yn byw ymhellach na { limit } o’r gwasanaeth agosaf ({ $service }) yn yr un o’r { $sure } ardal, o blith y { $deprived } fwyaf difreintiedig, sydd ar y map strydoedd
    }
figure-underserved = { $People } mewn ardaloedd heb ddigon o wasanaeth
figure-underserved-means = yn byw ymhellach na { limit } o’r gwasanaeth agosaf ({ $service }), mewn { $areas } ardal heb ddigon o wasanaeth
figure-beyond = { $People } y tu hwnt i { limit }, ym mhobman
figure-beyond-means = o { $of } ym mhob ardal ({ $share } o’r rhai y mae eu cartrefi ar y map strydoedd)
area-nobody = Nid oes { $people } yn byw yma.
area-all-within = { $People }: mae pob un o’r { $children } yn byw o fewn { limit } i’r gwasanaeth agosaf ({ $service }).
area-all-beyond = { $People }: mae pob un o’r { $children } yn byw ymhellach na { limit } o’r gwasanaeth agosaf ({ $service }).
area-some = { $People }: mae { $beyond } o { $children } yn byw ymhellach na { limit } o’r gwasanaeth agosaf ({ $service }).
column-children-beyond = Y tu hwnt i { limit }
head-children-beyond = Dros { $cutoff } mun
area-told = { $name }, degradd amddifadedd { $decile }. { $told }
area-not-covered = Nid yw’r map strydoedd yn cynnwys digon o’r ardal hon, nac o’r gwasanaethau ({ $services }) gerllaw, i ddweud sut y gwasanaethir y { $children } ({ $people }).
area-unknown = { $name }: mae ffigur ar goll.

# Sawl ardal gyda’i gilydd.
select-how = Tynnwch ar y map, cliciwch gyda Ctrl, ticiwch resi’r tabl, neu pwyswch Space ar yr ardal a ddewiswyd. Mae tynnu’n cynnwys pob ardal y mae ei chanol y tu mewn.
select-choose = ward neu ddosbarth …
select-wards = Wardiau
select-classes = Dosbarthiadau’r allwedd
select-this = Cynnwys { $name }
select-sums = { $areas } ardal. { $People }: mae { $beyond } o { $all } yn byw ymhellach na { limit } o’r gwasanaeth agosaf ({ $service }), { $share } o’r rhai sy’n hysbys.
select-unknown = { $areas } ardal: ni wyddys sut y gwasanaethir { $people }.
select-in-doubt = Ni wyddys hynny am { $count }.
select-without = Nid oes ffigur gan { $count } ardal, ac nid yw yn yr un o’r symiau.
select-unlinked = Mae’r rhain yn fwy nag y mae cyfeiriad o 2,000 o nodau yn ei ddal: mae’r dewis yn para cyhyd â’r tab hwn.
select-keep = Mae “Cadw’r olwg hon” yn rhoi cyfeiriad iddynt.
select-strange = Nid yw { $count } o ardaloedd y cyfeiriad yn y canlyniadau hyn.
select-lost = Roedd gormod o ardaloedd i’r cyfeiriad eu dal; dewiswch nhw eto.
select-as-table = Yr ardaloedd hyn fel tabl, i’w ddarllen neu ei lawrlwytho
select-by-class = Yn ôl dosbarth
select-by-decile = Yn ôl degradd amddifadedd
select-areas = Ardaloedd
select-people = { $People }

# Yr hyn y chwiliwyd amdano.
found-lost = Nid oes “{ $text }” yn y canlyniadau hyn.
found-page = Agor ei dudalen ei hun
found-reach = Cyrhaeddiad o’r fan hon

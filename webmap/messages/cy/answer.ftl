# Yr ateb, a’r hyn mae tudalennau eraill yn ei ddweud yn yr un geiriau.
figure-counted = { $Services } sy’n cyfrif
figure-counted-means =
    { $unplaced ->
        [0] ar agor, ar gyfer { $people }, ac ar y map
       *[other] ar agor, ar gyfer { $people }, ac ar y map; ni ellid lleoli { $unplaced } arall a chanddynt { $places } o leoedd
    }
figure-unknown = Anhysbys
figure-unknown-means = yn byw lle nad yw’r map strydoedd yn cyrraedd, neu ger lleoliad nad yw’n ei gyrraedd: ni chânt eu cyfrif o fewn y terfyn nac y tu hwnt iddo
read-this-first = Darllenwch hyn yn gyntaf
where = Ble maen nhw
still-label = Map o ardaloedd { $place } yn ôl a oes ganddynt ddigon o wasanaeth; mae tabl yr ardaloedd heb ddigon o wasanaeth yn dweud yr un peth.
open-map = Archwilio’r map
open-table = Gweld pob ardal mewn tabl
open-whole-table = Gweld y tabl hwn ar ei dudalen ei hun
look-first =
    { $count ->
        [0] Ardaloedd heb ddigon o wasanaeth
        [one] Yr ardal heb ddigon o wasanaeth
       *[other] Y { $count } ardal i edrych arnynt yn gyntaf
    }
nothing-to-look-at = Nid oes ardal heb ddigon o wasanaeth yn ôl y rheol hon.
short-beyond = Y tu hwnt i gyrraedd
short-of = O’r cyfan
short-typical = Munudau arferol
look-first-how = Y tu hwnt i gyrraedd: { $people } mwy na { $cutoff } munud i ffwrdd. Munudau arferol: mae gan eu hanner ffordd hirach na hyn. Degradd 1 yw’r mwyaf difreintiedig.
short-decile = Degradd
distance-title = Pa mor bell mae pobl yn byw o’r gwasanaeth agosaf ({ $service })
curve-title = { $People } sy’n byw ymhellach na hyn a hyn o funudau o { $journey }
curve-all = Pawb: { $people }
curve-deprived = Yn yr ardaloedd mwyaf difreintiedig
curve-region = Pobl y tu hwnt i bob nifer o funudau
curve-text = { $People }: { $told }.
beyond-so-many = { $count } y tu hwnt i { $limit } munud
minutes-short = { $cutoff } mun
axis-minutes = munudau { $journey ->
        [cerdded] ar droed
        [beicio] ar feic
        [gyrru] mewn car
       *[other] ({ $journey })
    }
as-a-table = Yr un peth mewn tabl
more-than-minutes = Mwy na (munudau)
deciles-title = { $People } yn ôl pa mor ddifreintiedig yw eu hardal, a faint sy’n byw ymhellach na { $cutoff } munud
deciles-text = Degfed ran o ardaloedd y wlad yn ôl safle amddifadedd yw pob bar; mae’r rhifau’n dweud faint ({ $people }) sy’n byw y tu hwnt i’r terfyn.
deciles-region = Pobl yn ôl degradd
axis-decile = Degradd (1 yw’r mwyaf difreintiedig)
some-of = { $some } o { $all }
key-beyond = ymhellach na { $cutoff } munud
key-within = o fewn { $cutoff } munud
beyond-minutes = Y tu hwnt i { $cutoff } munud
next-title = Beth hoffech chi ei wneud nesaf?
next-map = Archwilio’r map
next-map-means = haen wrth haen, gyda’r hyn y gellir ei gyrraedd o unrhyw fan
next-plan = Cynllunio newid
next-plan-means = agor, cau neu symud gwasanaeth ({ $service }), a gweld i bwy y mae’n gwneud gwahaniaeth
next-table = Darllen neu lawrlwytho’r ffigurau
next-table-means = pob haen fel tabl, wedi’i drefnu a’i gyfyngu fel y mynnwch
next-postcode = Gwirio cod post
next-postcode-means = yr hyn y gall teulu sy’n byw yno ei gyrraedd
next-method = Gweld sut y cyfrifwyd hyn
next-method-means = y rheolau, mewn geiriau plaen, a gosodiadau’r rhediad hwn
next-data = Pwyso a mesur y data
next-data-means = o ble y daw pob ffeil, pa mor dda ydyw, a beth a adawyd allan

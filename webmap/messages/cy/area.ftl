# Proffil ardal.
compared-title = Sut mae’n cymharu
compared-how = Y canolrif a ddangosir ar gyfer pob ardal a’r rhai tebyg, ond cyfran y bobl i gyd gyda’i gilydd yw’r gyfran y tu hwnt ym mhob ardal.
measure = Mesur
this-area = Yr ardal hon
all-areas = Pob ardal
similar-areas = { $count } ardal debyg
measure-children = { $People }
measure-density = { $People } fesul km²
measure-decile = Degradd amddifadedd
measure-share-beyond = Cyfran y tu hwnt i { limit }
measure-minutes-median = Munudau arferol i’r agosaf
measure-places-per-100 = Lleoedd o fewn cyrraedd fesul 100
facts-title = Popeth sy’n hysbys
where-area = Ble mae hi
still-area-label = Map o { $place } gyda { $area } wedi’i nodi.
curve-area-title = { $People } { $area } sy’n byw ymhellach na hyn a hyn o funudau o { $journey }
in-reach-title = Lleoliadau o fewn cyrraedd
in-reach-of = O fewn cyrraedd ({ $people })
in-reach-none = Nid oes gwasanaeth ({ $service }) o fewn { limit } i unrhyw gartref yma.
in-reach-not-kept = Nid yw’r canlyniadau hyn yn cadw lleoliadau fesul ardal; rhedwch yr astudiaeth eto i’w cael.
setting = { $Service }
shortest-minutes = Munudau o’r cartref agosaf
places = Lleoedd
ages = Oedrannau
ages-from = o { $low }
ages-between = { $low } i { $high }
across-border = (dros y ffin)
peers-title =
    { $count ->
        [one] Yr ardal debycaf iddi
       *[other] Y { $count } ardal debycaf iddi
    }
peers-how = Tebyg o ran angen, beth bynnag fo’u mynediad: mewn safle amddifadedd, nifer ({ $people }), a pha mor agos at ei gilydd y maent yn byw. Y rhai tebycaf sy’n dod gyntaf.
peers-method = Mesur pa mor debyg yw dwy ardal yw’r pellter syth rhyngddynt dros safle amddifadedd, nifer ({ $people }) a logarithm y nifer fesul cilometr sgwâr, pob un mewn gwyriadau safonol dros yr holl ardaloedd.
area-how = Mae pobl yn cael eu gwasgaru dros gartrefi’r ardal, a cheir hyd i ffordd pob cartref i’r gwasanaeth agosaf ({ $service }) ar hyd y strydoedd.

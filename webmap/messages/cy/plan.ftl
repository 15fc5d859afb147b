# Y cynllun: beth fyddai agor, cau, newid maint a symud yn ei wneud. Mae sgriptiau’r dudalen yn ei ddarllen hefyd.
nav-plan = Cynllun
and = ac
plan-title = Beth pe bai gwasanaeth ({ $service }) yn agor, yn cau, yn tyfu, yn crebachu neu’n symud?
plan-not-kept = Nid yw’r canlyniadau hyn yn cadw dim i gynllunio arno. Rhedwch yr astudiaeth eto i’w gael.
plan-letters = Cynlluniau
plan-letter = Cynllun { $letter }
plan-edits = Beth mae’r cynllun yn ei newid
plan-no-edits = Dim eto. Agorwch wasanaeth ({ $service }) isod, neu dewiswch un ar y map i’w gau, newid ei faint neu ei symud.
plan-no-edits-short = Dim
plan-undo = Dadwneud
plan-redo = Ail-wneud
plan-clear = Clirio
plan-open = Agor gwasanaeth ({ $service })
plan-open-button = Agor
plan-drop = Dewis ar y map
plan-dropping = Cliciwch ar y map lle dylai agor.
plan-where = Ble
plan-where-hint = Cod post, neu hydred, lledred
plan-places-of = Nifer y lleoedd
plan-places-unknown = anhysbys
plan-name-of = Enw
plan-new-name = Newydd { $number }
plan-in-building = Agor un mewn adeilad
plan-building-list = Adeilad
plan-building = { $name }: { $count } yn rhagor ({ $people }) o fewn { limit }, { $poor } ohonynt yn yr ardaloedd mwyaf difreintiedig
plan-buildings-show = Dangos yr adeiladau lle gallai un agor
plan-buildings-hint = Yr adeilad a fyddai’n dod â’r nifer fwyaf sydd gyntaf.
plan-no-building = Dewiswch adeilad yn gyntaf.
plan-change = Cau, newid maint neu symud gwasanaeth ({ $service })
plan-setting = { $Service }
plan-close = Ei gau
plan-resize = Newid nifer y lleoedd
plan-move = Ei symud
plan-map-help = Cliciwch ar wasanaeth ({ $service }) i’w ddewis, yna llusgwch ef, neu newidiwch ef yn y ffurflen. Gellir llusgo rhai newydd. Pan fo’r map dan ffocws, mae’r bysellau saeth yn ei symud, a + a − yn chwyddo; mae popeth arall yn gweithio o’r ffurflenni.
plan-needs-scripts = Mae angen JavaScript ar y map; mae’r ffurflenni a’r ffigurau yma’n gweithio hebddo.
plan-getting-ready = Mae’r strydoedd yn cael eu paratoi …
plan-ask-again = Dangos y ffigurau
plan-figures = Ffigurau nawr a chyda’r cynllun
plan-now = Nawr
plan-then = Cynllun
plan-difference = Newid
plan-deciles = { $People } y tu hwnt i { limit }, yn ôl degradd amddifadedd (1 yw’r mwyaf difreintiedig)
plan-bars = Bar uchaf: nawr. Bar isaf: gyda’r cynllun.
plan-areas = Ardaloedd sy’n newid
plan-no-areas = Nid oes ardal yn newid.
plan-beyond-now = Y tu hwnt nawr
plan-beyond-then = Y tu hwnt wedyn
plan-status-now = Nawr
plan-status-then = Cynllun
plan-settings-change = { $Services } sy’n newid
plan-no-settings = Nid oes gwasanaeth ({ $service }) yn newid.
plan-what = Newid
plan-nearest-now = Agosaf at, nawr
plan-nearest-then = Agosaf at, wedyn
plan-nearest-means = Agosaf at: faint ({ $people }) sydd ag ef yn agosaf. Nid dyna faint fyddai’n mynychu.
plan-room = Lle
plan-room-unknown = lleoedd yn anhysbys
plan-room-enough = digon iddynt
plan-room-over = { $count } yn fwy na’i leoedd
plan-state-kept = Fel y mae
plan-state-opened = Newydd
plan-state-moved = Wedi’i symud
plan-state-resized = Maint wedi’i newid
plan-state-closed = Wedi’i gau
plan-gain = Dangos beth fyddai un gwasanaeth arall ({ $service }) yn ei ddwyn
plan-gain-step = { $low } i { $high } yn rhagor ({ $people })
plan-gain-over = dros { $low } yn rhagor ({ $people })
plan-gain-tip = { $People }: { $count } yn rhagor o fewn { limit }; { $poor } yn yr ardaloedd mwyaf difreintiedig
plan-open-here = Agor gwasanaeth ({ $service }) yma
plan-compare = Cymharu’r cynlluniau
plan-compare-hint = Copïwch y cynllun hwn i lythyren arall a’i newid yno; gall hyd at dri sefyll ochr yn ochr.
plan-copy-to = Copïo i { $name }
plan-take = Enwi, argraffu, cadw
plan-name = Enw’r cynllun hwn
plan-rename = Ei enwi
plan-paper = Papur i bwyllgor
plan-download = Lawrlwytho fel ffeil senario
plan-closures = Beth fyddai cau pob gwasanaeth ({ $service }) yn ei wneud
plan-upload = Cymryd ffeil senario
plan-upload-button = Agor y ffeil
plan-keep = Gwneud cyfeiriad parhaol byr
plan-keep-means = Mae’r gweinydd yn cadw’r cynllun dan ei gynnwys; nid yw’r cyfeiriad byth yn newid.
plan-address-is-plan = Mae cyfeiriad y dudalen hon yn dal y cynllun cyfan: rhannwch ef, neu cadwch ef.
plan-more = { $People }: byddai { $count } yn rhagor yn byw y tu hwnt i { limit } o wasanaeth ({ $service })
plan-fewer = { $People }: byddai { $count } yn llai yn byw y tu hwnt i { limit } o wasanaeth ({ $service })
plan-same = { $People }: byddai cynifer ag yn awr yn byw y tu hwnt i { limit } o wasanaeth ({ $service })
plan-becoming = byddai { $names } yn dod yn ardaloedd heb ddigon o wasanaeth
plan-no-longer = ni fyddai { $names } yn ardaloedd heb ddigon o wasanaeth mwyach
plan-and-others = a { $count } ardal arall
plan-people-beyond = { $People } y tu hwnt i { limit }
plan-deprived-beyond = Yr un peth yn negradd amddifadedd { $deciles }
plan-underserved-areas = Ardaloedd heb ddigon o wasanaeth
plan-underserved-people-beyond = { $People } y tu hwnt i { limit } mewn ardaloedd heb ddigon o wasanaeth
plan-people-unknown = { $People } nad yw’n hysbys amdanynt
plan-settings = { $Services }
plan-places = Lleoedd (lle maent yn hysbys)
plan-settings-over-capacity = { $Services } sydd agosaf at fwy ({ $people }) nag sydd o leoedd ganddynt
plan-people-over-capacity = { $People } y tu hwnt i’r lleoedd hynny
plan-edit-open = Agor { $name }, nifer y lleoedd: { $places }, yn { $spot }
plan-edit-open-unknown = Agor { $name }, lleoedd yn anhysbys, yn { $spot }
plan-edit-close = Cau { $name }
plan-edit-resize = Newid nifer lleoedd { $name } i { $places }
plan-edit-resize-unknown = Newid nifer lleoedd { $name } i un anhysbys
plan-edit-move = Symud { $name } i { $spot }
plan-no-setting = Dewiswch wasanaeth ({ $service }) yn gyntaf.
plan-no-spot = Nid yw “{ $given }” yn god post hysbys yma, nac yn hydred a lledred megis -1.25, 51.75.
plan-bad-places = Rhaid i nifer y lleoedd fod yn rhif cyfan, neu’n wag os yw’n anhysbys, nid “{ $given }”.
plan-failed = Ni ellir cyfrifo’r cynllun. { $why }
plan-chosen = Dewiswyd { $name }: llusgwch ef ar y map, neu newidiwch ef yn y ffurflen.
suggest-title = Awgrymu ble i agor
suggest-found = Mannau a awgrymir
suggest-sites = Faint
suggest-aim = I ddod o fewn { limit }
suggest-aim-everyone = cynifer â phosibl ({ $people })
suggest-aim-deprived = cynifer â phosibl o’r rhai yn yr ardaloedd mwyaf difreintiedig
suggest-aim-balance = pob cydbwysedd teg rhwng y ddau
suggest-places = Lleoedd yr un
suggest-find = Awgrymu
suggest-stop = Stopio, a chadw’r gorau hyd yma
suggest-searching = Yn chwilio, { $seconds } eiliad …
suggest-waiting = Yn aros i chwiliad arall orffen …
suggest-stopped = Stopiwyd ar ôl { $seconds } eiliad.
suggest-finished = Gorffennwyd mewn { $seconds } eiliad.
suggest-busy = Mae chwiliadau eraill ar waith; rhowch gynnig arall arni ymhen ychydig eiliadau.
suggest-nowhere = Ni fyddai unrhyw fan ar y map strydoedd yn dod â neb arall o fewn { limit }.
suggest-proven = O’r { $candidates } man a gymharwyd, nid oes dewis arall sy’n dod â mwy.
suggest-gap = Gallai dewis arall o’r { $candidates } man a gymharwyd ddod â hyd at { $gap } yn rhagor; byddai chwiliad hirach yn dweud.
suggest-unproven = Torrwyd y chwiliad o { $candidates } man yn fyr; efallai fod dewisiadau gwell.
suggest-near-all =
    { $count ->
        [one] Nid oes cynllun arall o fewn 1% iddo.
       *[other] Mae { $count } cynllun o fewn 1% i’r gorau, gan gynnwys hwn.
    }
suggest-near-some = Mae o leiaf { $count } cynllun o fewn 1% i’r gorau, gan gynnwys hwn.
suggest-brings = { $People }: { $count } yn rhagor o fewn { limit }, { $poor } ohonynt yn yr ardaloedd mwyaf difreintiedig.
suggest-gaining = Ar eu hennill, o gymharu â nawr: { $names }.
suggest-losing = Ar eu colled, o gymharu â nawr: { $names }.
suggest-site = { $where }: { $count } yn rhagor, { $poor } ohonynt yn yr ardaloedd mwyaf difreintiedig.
suggest-near-postcode = Ger { $postcode }, { $area }
suggest-in-area = Yn { $area }
suggest-in-every = Mae ym mhob cynllun agos at y gorau.
suggest-in-some = Mae’r union gornel hon mewn { $share } o’r cynlluniau agos at y gorau.
suggest-building = { $Service } yn { $name }, { $area }: byddai’n dod â { $count } yn rhagor ({ $people }) o fewn { limit }, { $poor } ohonynt yn yr ardaloedd mwyaf difreintiedig.
suggest-building-in-some = Mae mewn { $share } o’r cynlluniau agos at y gorau.
suggest-where = Ble y cânt agor
suggest-where-corners = ar unrhyw gornel stryd
suggest-where-buildings = mewn ysgolion, llyfrgelloedd, canolfannau cymunedol ac adeiladau hysbys eraill
suggest-no-buildings = Nid yw’r canlyniadau hyn yn gwybod am adeilad lle gallai gwasanaeth ({ $service }) agor. Enwch hwy yn yr astudiaeth, dan [candidates].
suggest-choice = Dewis { $number }
suggest-again = Gweld pa mor bell y mae wedi dod
suggest-take = Ychwanegu at y cynllun
suggest-taken = Ychwanegwyd at y cynllun.
steady-ask = Pa mor sicr yw hyn?
steady-trying = Yn rhoi cynnig ar ddyfodol posibl { $draws } o { $most } …
steady-choice =
    { $count ->
        [one] Mewn un dyfodol posibl, mae’r dewis hwn yn dod â { $middle } o’r mwyaf y byddai unrhyw ddewis o fannau yn ei ddwyn.
       *[other] Mewn { $count } o ddyfodolau posibl, mae’r dewis hwn fel arfer yn dod â { $middle } o’r mwyaf y byddai unrhyw ddewis o fannau yn ei ddwyn, ac o leiaf { $low } mewn 19 o bob 20.
    }
steady-nobody =
    { $count ->
        [one] Mewn un dyfodol posibl ni fyddai neb ar ôl i’w ddwyn o fewn { limit }.
       *[other] Mewn { $count } o ddyfodolau posibl ni fyddai neb ar ôl i’w ddwyn o fewn { limit }.
    }
steady-unfinished = Daeth y prawf i ben cyn rhoi cynnig ar bob un o’r { $most }.
steady-unproven = Mewn rhai ohonynt daeth yr amser i ben cyn profi’r dewis gorau.
steady-method = Ym mhob dyfodol posibl mae gan bob ardal hyd at { $crowd } yn fwy neu’n llai ({ $people }), mae pawb hyd at { $speed } yn gyflymach neu’n arafach, ac mae siawns o { $closure } i bob gwasanaeth sydd yno ({ $service }) gau. Yna dewisir y mannau gorau eto. Ni chyfrifir lleoedd.
steady-sure = { $where }: sicr. Fe’i dewisir eto, neu fan o fewn { $metres } m iddo, mewn { $near } ohonynt; yr union fan hwn mewn { $share }.
steady-fair = { $where }: gweddol sicr. Fe’i dewisir eto, neu fan o fewn { $metres } m iddo, mewn { $near } ohonynt; yr union fan hwn mewn { $share }.
steady-fragile = { $where }: bregus. Mewn dim ond { $near } ohonynt y dewisir ef eto, neu fan o fewn { $metres } m iddo; yr union fan hwn mewn { $share }. Edrychwch ar fannau eraill cyn penderfynu.
steady-site = Man
steady-share = Dewis eto
steady-near = Neu o fewn { $metres } m
steady-rank-title = Safle
steady-rank = { $low } i { $high }
steady-rank-or-none = { $low } i heb ei ddewis
steady-rank-none = heb ei ddewis
steady-rank-means = Safle 1 yw’r man y byddai’r dewis gorau ar ei golled fwyaf hebddo; fe’i rhoddir ar gyfer y man neu un mor agos, fel y mae mewn naw o bob deg dyfodol posibl.
suggest-of-sites =
    { $count ->
        [one] { $count } man
       *[other] { $count } man
    }
suggest-choices-all =
    { $count ->
        [one] Dyma’r gorau o’r { $candidates } man a gymharwyd, i bawb ac i’r ardaloedd mwyaf difreintiedig.
       *[other] O’r { $candidates } man a gymharwyd, nid oes dewis o gynifer o fannau sy’n dod â mwy o bawb heb lai o’r rhai yn yr ardaloedd mwyaf difreintiedig. Lle’r oedd llawer o ddewisiadau felly, dangosir y rhai mwyaf gwahanol.
    }
suggest-choices-some =
    { $count ->
        [one] Torrwyd y chwiliad o { $candidates } man yn fyr; gallai dewis arall yr un mor deg ddod â hyd at { $gap } yn rhagor.
       *[other] Torrwyd y chwiliad o { $candidates } man yn fyr; gallai dewisiadau eraill yr un mor deg ddod â hyd at { $gap } yn rhagor.
    }
fairness-chart = Siart o’r dewisiadau: po bellaf i’r dde, y mwyaf ({ $people }) a ddaw o fewn { limit }; po uchaf, y mwyaf ohonynt yn yr ardaloedd mwyaf difreintiedig. Mae’r tabl yn dweud yr un peth.
fairness-drawn = Y dewisiadau, wedi’u darlunio
fairness-table = Dewisiadau rhwng pawb a’r ardaloedd mwyaf difreintiedig
fairness-choice = Dewis
fairness-where = Ble, a phwy sydd ar eu hennill a’u colled
fairness-across = Rhagor ({ $people }) o fewn { limit }
fairness-up = O’r rhain yn yr ardaloedd mwyaf difreintiedig
closures-title = Beth fyddai cau pob gwasanaeth ({ $service }) yn ei wneud
closures-lead = Mae pob un yn cau ar ei ben ei hun; mae’r lleill yn aros fel y maent. Mae enw yn agor y cynllun sy’n ei gau.
closures-nearest = Agosaf at
closures-losing = Byddai’n ei golli o fewn { limit }
closures-deprived = o’r rhain yn yr ardaloedd mwyaf difreintiedig
closures-minutes = Munudau’n rhagor, fel arfer
closures-absorbers = Derbynnir gan
closures-over = Rhagor y tu hwnt i’w lleoedd
closures-told = Mewn geiriau
closures-how = Mae’r rhai sydd agosaf ato yn mynd i’r ail agosaf. Cymherir lleoedd â phawb sydd agosaf at wasanaeth ({ $service }), nid â phwy sy’n mynychu.
closures-back = Yn ôl i’r cynllun
closure-losing =
    { $count ->
        [0] Ni fyddai’r un o’r { $of } sydd agosaf ato yn byw y tu hwnt i { limit }.
       *[other] Byddai { $count } o’r { $of } sydd agosaf ato yn byw y tu hwnt i { limit }.
    }
closure-minutes = Byddai eu ffordd { $more } munud yn hirach fel arfer, { $worst } ar y gwaethaf.
closure-cut-off = Ni fyddai gan { $count } ffordd at yr un arall.
closure-absorbed = Byddai { $count } arall yn eu derbyn.
closure-absorbed-over = Byddai { $count } arall yn eu derbyn, a { $over } o’r rheini’n agosaf at fwy nag sydd o leoedd ganddynt.
closure-unknown = Mae lleoedd { $count } o’r rhain yn anhysbys.
paper-print = Argraffwch y dudalen hon, neu cadwch hi fel PDF.
paper-map = Map o ardaloedd { $place } fel y byddent gyda’r cynllun; mae’r tablau’n dweud yr un peth.
paper-more-areas = Mae { $count } ardal arall yn newid; mae tudalen y cynllun yn eu rhestru.
paper-more-edits = { $count } newid arall; mae tudalen y cynllun yn eu rhestru.
paper-more-settings = Mae { $count } arall ({ $services }) yn newid; mae tudalen y cynllun yn eu rhestru.
paper-page = Tudalen y cynllun hwn
paper-how = Sut y cyfrifwyd hyn
paper-method = Rhoddwyd y cynllun ar waith ar wasanaethau’r canlyniadau ({ $services }), a chafwyd hyd eto i ffordd pob cartref at yr agosaf ar hyd y strydoedd: ffigurau dadansoddiad newydd o’r rhestr newydd yw’r rhain. Yr ardaloedd mwyaf difreintiedig yw’r rhai yn negradd { $deciles }. Mae “agosaf at” yn cyfrif pawb ({ $people }) sydd ag ef yn agosaf, pwy bynnag sy’n mynychu.
paper-identity = Cynllun { $plan } ar sylfaen { $baseline }, rhediad { $run }. Yr un ffigurau sydd gan yr un cynllun ar yr un sylfaen bob tro.

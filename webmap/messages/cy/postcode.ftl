# Gwirio cod post.
postcode = Cod post
postcode-title = Yr hyn y gellir ei gyrraedd o { $postcode }
postcode-lead = Gweld pa wasanaethau ({ $services }) y gall teulu eu cyrraedd o fewn { limit } i’w gartref.
postcode-hint = Er enghraifft { $example }
postcode-find = Chwilio
postcode-another = Gwirio cod post arall
postcode-missing = Rhowch god post.
postcode-malformed = Nid yw “{ $given }” yn god post cyfan. Rhowch un fel CH5 1AB.
postcode-unlisted = Nid yw { $postcode } ymhlith codau post { $place }. Gwiriwch ei fod yn gywir ac yn yr ardal hon.
postcode-not-kept = Nid yw’r canlyniadau hyn yn enwi codau post, felly ni ellir chwilio am yr un.
postcode-some =
    { $count ->
        [one] Mae { $count } gwasanaeth ({ $service }) o fewn { limit }: { $nearest }, { $there } munud i ffwrdd.
       *[other] Mae { $count } gwasanaeth ({ $services }) o fewn { limit }. Yr agosaf yw { $nearest }, { $there } munud i ffwrdd.
    }
postcode-none = Nid oes gwasanaeth ({ $service }) o fewn { limit }. Yr agosaf yw { $nearest }, { $there } munud i ffwrdd.
postcode-unreachable = Nid oes ffordd at wasanaeth ({ $service }) oddi yma ar hyd strydoedd y map.
postcode-no-network = Nid yw’r map strydoedd yn cyrraedd y cod post hwn, felly ni wyddys beth sydd o fewn cyrraedd.
postcode-uncertain = Nid yw’r map strydoedd yn cynnwys digon o gwmpas y fan hon i ddweud beth sydd o fewn cyrraedd.
postcode-no-homes = Nid oes cartrefi gan y cod post hwn yn yr astudiaeth (gall fod yn eiddo i fusnes, neu dros y ffin), felly ni chyfrifwyd dim ar ei gyfer.
postcode-ended = Nid yw’r cod post hwn yn cael ei ddefnyddio mwyach.
postcode-area = Yr ardal o’i gwmpas
postcode-decile = Mae yn negradd amddifadedd { $decile } (1 yw’r mwyaf difreintiedig).
postcode-on-map = Gweld ar y map pa mor bell y gellir mynd oddi yma
minutes-there = Munudau yno
places-are-not-vacancies = Lleoedd cofrestredig yw’r rhain; gofynnwch i’r lleoliad a oes un yn rhydd.

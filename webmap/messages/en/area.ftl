# An area's profile.
compared-title = How it compares
compared-how = Of all areas and of similar ones the median is shown, but the share beyond in all areas is that of all people together.
measure = Measure
this-area = This area
all-areas = All areas
similar-areas =
    { $count ->
        [one] { $count } similar area
       *[other] { $count } similar areas
    }
measure-children = { $People }
measure-density = { $People } per km²
measure-decile = Deprivation decile
measure-share-beyond = Share beyond { limit }
measure-minutes-median = Typical minutes to the nearest
measure-places-per-100 = Places in reach per 100
facts-title = All that is known
where-area = Where it is
still-area-label = Map of { $place } with { $area } marked.
curve-area-title = { $People } of { $area } who live more than so many minutes’ { $journey } away
in-reach-title = Settings in reach
in-reach-of = In reach of ({ $people })
in-reach-none = No { $service } is within { limit } of any home here.
in-reach-not-kept = These results keep no settings by area; run the study again to have them.
setting = { $Service }
shortest-minutes = Minutes from the nearest home
places = Places
ages = Ages
ages-from = from { $low }
ages-between = { $low } to { $high }
across-border = (across the border)
peers-title =
    { $count ->
        [one] The area most like it
       *[other] The { $count } areas most like it
    }
peers-how = Alike in need, whatever their access: in deprivation rank, number of { $people }, and how densely they live. The most alike come first.
peers-method = How alike two areas are is the straight distance between them over deprivation rank, number of { $people } and the logarithm of { $people } per square kilometre, each in standard deviations over all areas.
area-how = People are spread over the homes of the area, and each home’s way to the nearest { $service } is found along the streets.

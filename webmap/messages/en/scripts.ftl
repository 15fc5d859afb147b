# What the map's scripts say too: the browser reads this same file.
nothing-chosen = Nothing chosen
choose-something = Choose a place on the map or in the table to read about it.
not-in-layer = There is no “{ $id }” in { $layer }.
open-profile = Open this area’s profile
close = Close
all-of = { $title }: all { $count }
some-of-all = { $title }: { $count } of { $total }
earlier-rows = Earlier rows
later-rows = Later rows
rows-of = { $first }–{ $last } of { $total }
wider-table = Wider table
readout = { $at } of { $total }: { $told }
in-the-table = { $title }: { $count } in the table.
no-place = These have no place on the map; the table lists them.
layer-failed = This layer can’t be shown. { $why }
base-map-failed = The base map can’t be shown. { $why }
newer-results = Newer results have replaced these; reload the page to see them.
server-failed = The server failed to answer.
zoom-in = Zoom in
zoom-out = Zoom out
band-minutes = { $minutes } min
reach-ready = Click on the map, drag the marker, or give a place here.
reach-waiting = The streets are getting ready …
reach-no-spot = Give longitude and latitude with a comma between, such as -1.25,51.75.
reach-live-within = { $count } { $people } live within { $minutes } minutes’ { $journey } of here.
reach-minutes = { $minutes } minutes
reach-error = Only homes of { $place } are counted, each by its own way. Of those inside the longest line, { $beyond } are in truth further; of those in reach, { $outside } lie outside it.
reach-of-this = Reach of this { $service }
opacity = Strength of the layer
legend-none = None here: { $classes }.
layer-coming = Fetching { $title } …
only-this-class = Show or hide: { $label }
cell-yes = yes
cell-no = no
cell-chance-under = under { $least }
cell-none = none
cell-unknown = unknown
cell-not-covered = not covered by the street map
cell-no-network = no streets to travel here
cell-unreachable = no way to { $mode } there

# The finding, told anew at another threshold.
limit =
    { $minutes ->
        [one] { $cutoff } minute’s { $journey }
       *[other] { $cutoff } minutes’ { $journey }
    }
headline-none-deprived = No area here is in deprivation decile { $deciles }
headline-underserved =
    { $deprived ->
        [1] { $count } { $people } in the only deprived area here live more than { limit } from a { $service }
       *[other] { $count } { $people } in { $flagged } of the { $deprived } most deprived areas live more than { limit } from a { $service }
    }
headline-not-covered =
    { $deprived ->
        [1] The street map does not cover enough of the only deprived area here to say how { $people } are served
       *[other] The street map does not cover enough of the { $deprived } most deprived areas to say how { $people } are served
    }
headline-reached =
    { $deprived ->
        [1] In the only deprived area here no more than { $share } of { $people } live more than { limit } from a { $service }
       *[other] In none of the { $deprived } most deprived areas do more than { $share } of { $people } live more than { limit } from a { $service }
    }
headline-reached-partly =
    { $sure ->
        [1] In the only one of the { $deprived } most deprived areas that the street map covers no more than { $share } of { $people } live more than { limit } from a { $service }
       *[other] In none of the { $sure } of the { $deprived } most deprived areas that the street map covers do more than { $share } of { $people } live more than { limit } from a { $service }
    }
figure-underserved = { $People } in underserved areas
figure-underserved-means =
    live more than { limit } from a { $service }, in { $areas ->
        [one] { $areas } underserved area
       *[other] { $areas } underserved areas
    }
figure-beyond = { $People } beyond { limit }, everywhere
figure-beyond-means = of { $of } in all areas ({ $share } of those whose homes the street map covers)
area-nobody = No { $people } live here.
area-all-within = All { $children } { $people } live within { limit } of a { $service }.
area-all-beyond = All { $children } { $people } live more than { limit } from a { $service }.
area-some = { $beyond } of { $children } { $people } live more than { limit } from a { $service }.
column-children-beyond = Beyond { limit }
head-children-beyond = Beyond { $cutoff } min
area-told = { $name }, deprivation decile { $decile }. { $told }
area-not-covered = The street map does not cover enough of this area, or of the { $services } near it, to say how its { $children } { $people } are served.
area-unknown = { $name }: a figure is missing.

# Several areas together.
select-how = Draw on the map, click with Ctrl, tick rows of the table, or press Space on the chosen area. Drawing takes in every area whose middle lies inside.
select-choose = a ward or a class …
select-wards = Wards
select-classes = Classes of the legend
select-this = Take in { $name }
select-sums =
    { $areas ->
        [one] { $areas } area: { $beyond } of { $all } { $people } live more than { limit } from a { $service }, { $share } of those known.
       *[other] { $areas } areas: { $beyond } of { $all } { $people } live more than { limit } from a { $service }, { $share } of those known.
    }
select-unknown =
    { $areas ->
        [one] { $areas } area: how its { $people } are served is not known.
       *[other] { $areas } areas: how their { $people } are served is not known.
    }
select-in-doubt = Of { $count } it is not known whether they do.
select-without =
    { $count ->
        [one] { $count } area lacks a figure and is in none of the sums.
       *[other] { $count } areas lack a figure and are in none of the sums.
    }
select-unlinked = These are more than an address of 2,000 characters holds: the choice lasts as long as this tab.
select-keep = “Keep this view” gives them an address.
select-strange =
    { $count ->
        [one] { $count } area of the address is not in these results.
       *[other] { $count } areas of the address are not in these results.
    }
select-lost = The areas chosen were too many for the address to hold; choose them again.
select-as-table = These areas as a table, to read or download
select-by-class = By class
select-by-decile = By deprivation decile
select-areas = Areas
select-people = { $People }

# What was searched for.
found-lost = There is no “{ $text }” in these results.
found-page = Open its own page
found-reach = Reach from here

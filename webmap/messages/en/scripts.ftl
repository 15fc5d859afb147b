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
only-this-class = Show or hide: { $label }
cell-yes = yes
cell-no = no
cell-none = none
cell-unknown = unknown
cell-not-covered = not covered by the street map
cell-no-network = no streets to travel here
cell-unreachable = no way to { $mode } there
threshold = Minutes that are too far
threshold-said = { $count } { $people } live more than { $minutes } minutes’ { $journey } away, in the areas shown.
threshold-reset = Back to { $cutoff } minutes
threshold-areas =
    { $count ->
        [one] { $count } deprived area has more than { $share } of them beyond it.
       *[other] { $count } deprived areas have more than { $share } of them beyond it.
    }

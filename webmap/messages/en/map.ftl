# The map and the table.
skip-the-map = Skip the map: go to the table
map-of = Map of { $place }
map-help = With the map in focus, arrow keys move it, + and − zoom, N and P step through the table’s features, Enter opens the chosen area’s profile, Space takes it in among several, Escape lets go of it.
map-needs-scripts = The map needs JavaScript; everything it shows is in the tables.
show = Show
rail-reached = Who is reached
rail-settings = Settings
rail-time = Time
rail-hotspots = Hotspots
view-now = Now
view-clusters = Clusters
view-through-time = Through time
legend-of = Legend: { $title }
kind = Kind
noun-polygon = Areas
noun-line = Groups
noun-point = Places
noun-none = Rows
how-worked-out = How this was worked out
download-layer = Download this layer
download-whole = These files hold every row and column of the layer.
what-columns-mean = What the columns mean
cut = The first { $shown } of { $total } are shown; see the others.
on-paper = Paper takes the first eight columns; the layer’s downloads hold all.
reach-title = Reach from a place
reach-within = Within
reach-spot = Longitude, latitude
reach-show = Show
reach-or = or a { $service }
reach-choose = Choose …
reach-mode = By
reach-others = Other people
classes-shown = Show only
narrow = Apply
rows-shown = Rows { $first } to { $last } of { $total }.
same-on-map = The same on the map
no-rows = No row is left; show more kinds.
pages-of-table = Pages of the table
page-of = Page { $page } of { $pages }

# The threshold's panel.
threshold = Longest acceptable time
threshold-own = Back to the study’s own { limit }
threshold-judge = Judge by this time
threshold-note = Only the threshold changes, from the study’s own { limit }: status, the { $people } beyond it and their share. Typical times and places in reach stay as the study has them; downloads of what is shown follow the threshold.

# Several areas together.
select = Choose several areas
select-box = Draw a box
select-lasso = Draw around them
select-all = All of
select-take = Choose them
select-clear = Choose none
select-together = Areas chosen together
select-every = Show every row
select-add = Only those ticked, added up
select-json = Send JSON like { $example }.
select-layer = Layer must be one of areas: { $layers }.
select-t = T must be text.
select-ids = Ids must be a list of area codes.
select-most = Ids may name { $most } areas, not { $given }.
select-no-area =
    { $more ->
        [0] There is no area { $codes } here.
       *[other] There is no area { $codes } and { $more } more here.
    }
select-polygon = Polygon must be a list of at least three [longitude, latitude].
select-corners = Polygon may have { $most } corners, not { $given }.

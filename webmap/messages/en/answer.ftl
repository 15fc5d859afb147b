# The answer, and what other pages tell in the same words.
figure-counted = { $Services } that count
figure-counted-means =
    { $unplaced ->
        [0] open, for { $people }, and on the map
       *[other] open, for { $people }, and on the map; { $unplaced } more with { $places } places could not be placed
    }
figure-unknown = Not known
figure-unknown-means = live where the street map does not reach, or near a setting that it does not reach: they are counted neither within nor beyond
read-this-first = Read this first
where = Where they are
still-label = Map of the areas of { $place } by whether they are underserved; the table of underserved areas says the same.
open-map = Explore the map
open-table = See every area as a table
open-whole-table = See this table on a page of its own
look-first =
    { $count ->
        [0] Underserved areas
        [one] The underserved area
       *[other] The { $count } areas to look at first
    }
nothing-to-look-at = No area is underserved by this rule.
short-beyond = Out of reach
short-of = Of all
short-typical = Typical minutes
look-first-how = Out of reach: { $people } more than { $cutoff } minutes away. Typical minutes: half of them have a longer way than this. Decile 1 is the most deprived.
short-decile = Decile
distance-title = How far people live from the nearest { $service }
curve-title = { $People } who live more than so many minutes’ { $journey } away
curve-all = All { $people }
curve-deprived = In the most deprived areas
curve-region = People beyond each number of minutes
curve-text = { $People }: { $told }.
beyond-so-many = { $count } beyond { $limit } minutes
minutes-short = { $cutoff } min
axis-minutes = minutes’ { $journey }
as-a-table = The same as a table
more-than-minutes = More than (minutes)
deciles-title = { $People } by how deprived their area is, and how many live more than { $cutoff } minutes away
deciles-text = Each bar is a tenth of the country’s areas by rank of deprivation; the numbers say how many of the { $people } there live beyond the limit.
deciles-region = People by decile
axis-decile = Decile (1 is most deprived)
some-of = { $some } of { $all }
key-beyond = more than { $cutoff } minutes away
key-within = within { $cutoff } minutes
beyond-minutes = Beyond { $cutoff } minutes
next-title = What do you want to do next?
next-map = Explore the map
next-map-means = layer by layer, with what can be reached from any spot
next-plan = Plan what to change
next-plan-means = open, close or move a { $service }, and see for whom it makes a difference
next-table = Read or download the figures
next-table-means = every layer as a table, sorted and narrowed as you need it
next-postcode = Check a postcode
next-postcode-means = what a family who lives there can reach
next-method = See how it was worked out
next-method-means = the rules, in plain words, and the settings of this run
next-data = Judge the data
next-data-means = where each file comes from, how good it is, and what was left out

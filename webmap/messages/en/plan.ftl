# The plan: what opening, closing, resizing and moving would do. The page's scripts read it too.
nav-plan = Plan
and = and
plan-title = What if a { $service } opened, closed, grew, shrank or moved?
plan-not-kept = These results keep nothing to plan on. Run the study again to have it.
plan-letters = Plans
plan-letter = Plan { $letter }
plan-edits = What the plan changes
plan-no-edits = Nothing yet. Open a { $service } below, or choose one on the map to close, resize or move it.
plan-no-edits-short = Nothing
plan-undo = Undo
plan-redo = Redo
plan-clear = Clear
plan-open = Open a { $service }
plan-open-button = Open
plan-drop = Choose on the map
plan-dropping = Click on the map where it should open.
plan-where = Where
plan-where-hint = A postcode, or longitude, latitude
plan-places-of = Places
plan-places-unknown = unknown
plan-name-of = Name
plan-new-name = New { $number }
plan-in-building = Open one in a building
plan-building-list = Building
plan-building = { $name }: { $count } more { $people } within { limit }, { $poor } of them in the most deprived areas
plan-buildings-show = Show the buildings in which one could open
plan-buildings-hint = The building that would bring most comes first.
plan-no-building = Choose a building first.
plan-change = Close, resize or move a { $service }
plan-setting = { $Service }
plan-close = Close it
plan-resize = Change its places
plan-move = Move it
plan-map-help = Click a { $service } to choose it, then drag it, or change it in the form. New ones can be dragged. With the map in focus, arrow keys move it, + and − zoom; everything else works from the forms.
plan-needs-scripts = The map needs JavaScript; the forms and figures here work without.
plan-getting-ready = The streets are getting ready …
plan-ask-again = Show the figures
plan-figures = Figures now and with the plan
plan-now = Now
plan-then = Planned
plan-difference = Change
plan-deciles = { $People } beyond { limit }, by deprivation decile (1 is most deprived)
plan-bars = Upper bar: now. Lower bar: with the plan.
plan-areas = Areas that change
plan-no-areas = No area changes.
plan-beyond-now = Beyond now
plan-beyond-then = Beyond then
plan-status-now = Now
plan-status-then = Planned
plan-settings-change = { $Services } that change
plan-no-settings = No { $service } changes.
plan-what = Change
plan-nearest-now = Nearest to, now
plan-nearest-then = Nearest to, then
plan-nearest-means = Nearest to: how many { $people } have it as their nearest. It is not how many would attend.
plan-room = Room
plan-room-unknown = places unknown
plan-room-enough = enough for them
plan-room-over =
    { $count ->
        [one] { $count } more than its places
       *[other] { $count } more than its places
    }
plan-state-kept = As it is
plan-state-opened = New
plan-state-moved = Moved
plan-state-resized = Resized
plan-state-closed = Closed
plan-gain = Show what one more { $service } would bring
plan-gain-step = { $low } to { $high } more { $people }
plan-gain-over = over { $low } more { $people }
plan-gain-tip = { $count } more { $people } within { limit }; { $poor } in the most deprived areas
plan-open-here = Open a { $service } here
plan-compare = Compare the plans
plan-compare-hint = Copy this plan to another letter and change it there; up to three stand side by side.
plan-copy-to = Copy to { $name }
plan-take = Name, print, keep
plan-name = Name of this plan
plan-rename = Name it
plan-paper = Paper for a committee
plan-download = Download as a scenario file
plan-closures = What closing each { $service } would do
plan-upload = Take up a scenario file
plan-upload-button = Open the file
plan-keep = Make a short permanent address
plan-keep-means = The server keeps the plan under its content; the address never changes.
plan-address-is-plan = The address of this page holds the whole plan: pass it on, or keep it.
plan-more = { $count } more { $people } would live more than { limit } from a { $service }
plan-fewer = { $count } fewer { $people } would live more than { limit } from a { $service }
plan-same = As many { $people } as now would live more than { limit } from a { $service }
plan-becoming = { $names } would become underserved
plan-no-longer = { $names } would no longer be underserved
plan-and-others =
    { $count ->
        [one] and { $count } more area
       *[other] and { $count } more areas
    }
plan-people-beyond = { $People } beyond { limit }
plan-deprived-beyond = The same in deprivation decile { $deciles }
plan-underserved-areas = Underserved areas
plan-underserved-people-beyond = { $People } beyond { limit } in underserved areas
plan-people-unknown = { $People } of whom it is not known
plan-settings = { $Services }
plan-places = Places (where known)
plan-settings-over-capacity = { $Services } that are nearest to more { $people } than they have places
plan-people-over-capacity = { $People } beyond those places
plan-edit-open = Open { $name }, { $places } places, at { $spot }
plan-edit-open-unknown = Open { $name }, places unknown, at { $spot }
plan-edit-close = Close { $name }
plan-edit-resize = Change { $name } to { $places } places
plan-edit-resize-unknown = Change { $name } to an unknown number of places
plan-edit-move = Move { $name } to { $spot }
plan-no-setting = Choose a { $service } first.
plan-no-spot = “{ $given }” is no postcode known here, nor a longitude and latitude such as -1.25, 51.75.
plan-bad-places = Places must be a whole number, or left empty if unknown, not “{ $given }”.
plan-failed = The plan can’t be worked out. { $why }
plan-chosen = { $name } is chosen: drag it on the map, or change it in the form.
suggest-title = Suggest where to open
suggest-found = Suggested sites
suggest-sites = How many
suggest-aim = To bring within { limit }
suggest-aim-everyone = as many { $people } as possible
suggest-aim-deprived = as many as possible of those in the most deprived areas
suggest-aim-balance = every fair balance of the two
suggest-places = Places each
suggest-find = Suggest
suggest-stop = Stop, and keep the best so far
suggest-searching = Searching, { $seconds } s …
suggest-waiting = Waiting for another search to end …
suggest-stopped = Stopped after { $seconds } s.
suggest-finished = Done in { $seconds } s.
suggest-busy = Other searches are under way; try again in a few seconds.
suggest-nowhere = No place of the street map would bring anyone more within { limit }.
suggest-proven = None of the { $candidates } places compared, taken together in any other way, brings more.
suggest-gap = Another choice of the { $candidates } places compared might bring up to { $gap } more; a longer search would tell.
suggest-unproven = The search of { $candidates } places was cut short; there may be better choices.
suggest-near-all =
    { $count ->
        [one] No other plan comes within 1% of it.
       *[other] { $count } plans come within 1% of the best, this one included.
    }
suggest-near-some = At least { $count } plans come within 1% of the best, this one included.
suggest-brings = { $count } more { $people } within { limit }, { $poor } of them in the most deprived areas.
suggest-gaining = Gaining, compared with now: { $names }.
suggest-losing = Losing, compared with now: { $names }.
suggest-site = { $where }: { $count } more, { $poor } of them in the most deprived areas.
suggest-near-postcode = Near { $postcode }, { $area }
suggest-in-area = In { $area }
suggest-in-every = It is in every near-best plan.
suggest-in-some = It, or rather this very corner, is in { $share } of the near-best plans.
suggest-building = A { $service } at { $name }, { $area }, would bring { $count } more { $people } within { limit }, { $poor } of them in the most deprived areas.
suggest-building-in-some = It is in { $share } of the near-best plans.
suggest-where = Where they may open
suggest-where-corners = at any street corner
suggest-where-buildings = in schools, libraries, community centres and other known buildings
suggest-no-buildings = These results know no building in which a { $service } could open. Name them in the study, under [candidates].
suggest-choice = Choice { $number }
suggest-again = See how far it has come
suggest-take = Add to the plan
suggest-taken = Added to the plan.
steady-ask = How sure is this?
steady-trying = Trying possible future { $draws } of { $most } …
steady-choice =
    { $count ->
        [one] In one possible future, this choice brings { $middle } of the most that any choice of sites would bring.
       *[other] In { $count } possible futures, this choice typically brings { $middle } of the most that any choice of sites would bring, and at least { $low } in 19 of 20.
    }
steady-nobody =
    { $count ->
        [one] In one possible future nobody would be left to bring within { limit }.
       *[other] In none of { $count } possible futures would anybody be left to bring within { limit }.
    }
steady-unfinished = The test ended before all { $most } were tried.
steady-unproven = In some of them time ran out before the best choice was proven.
steady-method = In each possible future every area has up to { $crowd } more or fewer { $people }, everyone is up to { $speed } faster or slower, and each { $service } that is there has a chance of { $closure } to close. Then the best sites are chosen again. Places are not counted.
steady-sure = { $where }: sure. It, or a place within { $metres } m of it, is chosen again in { $near } of them; this very place in { $share }.
steady-fair = { $where }: fairly sure. It, or a place within { $metres } m of it, is chosen again in { $near } of them; this very place in { $share }.
steady-fragile = { $where }: fragile. It, or a place within { $metres } m of it, is chosen again in only { $near } of them; this very place in { $share }. Look at other places before deciding.
steady-site = Site
steady-share = Chosen again
steady-near = Or within { $metres } m
steady-rank-title = Rank
steady-rank = { $low } to { $high }
steady-rank-or-none = { $low } to not chosen
steady-rank-none = not chosen
steady-rank-means = Rank 1 is the site without which the best choice would lose most; it is given for the place or one so near, as it is in nine tenths of the possible futures.
suggest-of-sites =
    { $count ->
        [one] { $count } site
       *[other] { $count } sites
    }
suggest-choices-all =
    { $count ->
        [one] It is the best of the { $candidates } places compared both for all and for the most deprived areas.
       *[other] Of the { $candidates } places compared, no choice of as many sites brings more of all without fewer of those in the most deprived areas. Where there were many such choices, those that differ most are shown.
    }
suggest-choices-some =
    { $count ->
        [one] The search of { $candidates } places was cut short; another choice as fair might bring up to { $gap } more.
       *[other] The search of { $candidates } places was cut short; other choices as fair might bring up to { $gap } more.
    }
fairness-chart = Chart of the choices: the further right, the more { $people } come within { limit }; the higher, the more of them in the most deprived areas. The table says the same.
fairness-drawn = The choices, drawn
fairness-table = Choices between all and the most deprived areas
fairness-choice = Choice
fairness-where = Where, and who gains and loses
fairness-across = More { $people } within { limit }
fairness-up = Of them in the most deprived areas
closures-title = What closing each { $service } would do
closures-lead = Each closes alone; all others stay as they are. A name opens the plan that closes it.
closures-nearest = Nearest to
closures-losing = Would lose it within { limit }
closures-deprived = of these in the most deprived areas
closures-minutes = Minutes more, typically
closures-absorbers = Taken in by
closures-over = More beyond their places
closures-told = In words
closures-how = Those to whom it is the nearest go to their second nearest. Places are compared with all to whom a { $service } is the nearest, not with who attends.
closures-back = Back to the plan
closure-losing =
    { $count ->
        [0] None of the { $of } nearest to it would live more than { limit } away.
       *[other] { $count } of the { $of } nearest to it would live more than { limit } away.
    }
closure-minutes = Their way would typically be { $more } minutes longer, at worst { $worst }.
closure-cut-off = { $count } would have no way to any other.
closure-absorbed =
    { $count ->
        [one] { $count } other would take them in.
       *[other] { $count } others would take them in.
    }
closure-absorbed-over =
    { $count ->
        [one] { $count } other would take them in, and would be nearest to more than it has places.
       *[other] { $count } others would take them in, of which { $over } would be nearest to more than they have places.
    }
closure-unknown = Of { $count } the places are unknown.
paper-print = Print this page, or save it as a PDF.
paper-map = Map of the areas of { $place } as they would be with the plan; the tables say the same.
paper-more-areas =
    { $count ->
        [one] { $count } more area changes; the plan’s page lists it.
       *[other] { $count } more areas change; the plan’s page lists them.
    }
paper-more-edits =
    { $count ->
        [one] { $count } more change; the plan’s page lists it.
       *[other] { $count } more changes; the plan’s page lists them.
    }
paper-more-settings =
    { $count ->
        [one] { $count } more { $service } changes; the plan’s page lists it.
       *[other] { $count } more { $services } change; the plan’s page lists them.
    }
paper-page = The page of this plan
paper-how = How this was worked out
paper-method = The plan was applied to the { $services } of the results, and every home’s way to its nearest was found again along the streets: the figures are those of a new analysis of the changed list. The most deprived areas are those in decile { $deciles }. “Nearest to” counts { $people } whose nearest it is, whoever attends.
paper-identity = Plan { $plan } on baseline { $baseline }, run { $run }. The same plan on the same baseline always has these figures.

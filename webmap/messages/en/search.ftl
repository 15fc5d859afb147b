# Search.
search = Search
search-hint = Place, postcode, { $service } or area
search-go = Go
search-title = Search
search-kind-place = Place
search-kind-postcode = Postcode
search-kind-ward = Ward
search-kind-msoa = Middle layer area (MSOA)
search-kind-area = Area
search-kind-setting = { $Service }
search-places = Places
search-postcodes = Postcodes
search-wards = Wards
search-msoas = Middle layer areas (MSOAs)
search-areas = Areas
search-settings = { $Services }
search-place-city = city
search-place-town = town
search-place-village = village
search-place-suburb = suburb
search-ended = no longer in use
search-unplaced = not on the map
search-found =
    { $count ->
        [one] { $count } found.
       *[other] { $count } found.
    }
search-some = The first { $shown } of { $total } found; type more to narrow them.
search-guessed = Nothing here is called “{ $text }”. Nearly so: { $said }
search-nothing = Nothing here is called “{ $text }”. Names of places, { $services }, areas and wards can be found, and postcodes and area codes, by their beginnings.
search-how = Type at least two letters: the beginning of a place’s, { $service }’s, area’s or ward’s name, of a postcode or of an area’s code.
search-too-long = A search may be { $most } characters long.
search-on-map = on the map

# The frame of every page.
skip-to-content = Skip to the content
languages = Languages
pages = Pages
dark-mode = Dark
nav-answer = Answer
nav-map = Map
nav-table = Table
nav-postcode = Postcode check
nav-method = Method
nav-data = Data
invented = This county is invented.
invented-means = Its places, people and services don’t exist; it shows what the map does.
invented-credit = An invented county
osm-credit = © OpenStreetMap contributors
made-from-invented = Made by GeoEngine from invented files in their published layouts.
made-from-published = Made by GeoEngine from published files. Contains data © OpenStreetMap contributors, available under the
open-database-licence = Open Database Licence
accessibility-statement = Accessibility statement
go-to-answer = Go to the answer
in-english = What the files and the engine say of the data below is in English.
error-404 = There is nothing at this address
error-404-means = It may be mistyped, or the results it led to may have been replaced.
error-410 = Newer results have replaced these
error-410-means = Open the page again to see them.
error-500 = The server failed to answer
error-500-means = Nothing is wrong with what you asked; the server’s log says what went wrong.
error-503 = The results can’t be read just now
error-503-means = Try again in a minute; if it lasts, whoever runs this server has to make the results again.
error-other = This can’t be answered

# The study's own words, as far as they are known.
or = or
word-children-under-5 = children under 5
word-nursery = nursery
word-nurseries = nurseries
word-walk = walk
word-walk-with-a-pushchair = walk with a pushchair
word-cycle-ride = cycle ride
word-drive = drive
word-pushchair = walk
word-cycle = cycle
people-title = { $People }
areas = Areas
areas-count =
    { $count ->
        [one] { $count } area
       *[other] { $count } areas
    }

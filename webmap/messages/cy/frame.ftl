# Ffrâm pob tudalen.
skip-to-content = Neidio i’r cynnwys
languages = Ieithoedd
pages = Tudalennau
dark-mode = Tywyll
nav-answer = Ateb
nav-map = Map
nav-table = Tabl
nav-postcode = Gwirio cod post
nav-method = Dull
nav-data = Data
invented = Sir ddychmygol yw hon.
invented-means = Nid yw ei lleoedd, ei phobl na’i gwasanaethau yn bod; mae’n dangos beth mae’r map yn ei wneud.
invented-credit = Sir ddychmygol
osm-credit = © Cyfranwyr OpenStreetMap
made-from-invented = Gwnaed gan GeoEngine o ffeiliau dychmygol yn eu cynlluniau cyhoeddedig.
made-from-published = Gwnaed gan GeoEngine o ffeiliau cyhoeddedig. Yn cynnwys data © cyfranwyr OpenStreetMap, ar gael o dan y
open-database-licence = Drwydded Cronfa Ddata Agored
accessibility-statement = Datganiad hygyrchedd
go-to-answer = Mynd i’r ateb
in-english = Saesneg yw’r hyn mae’r ffeiliau a’r peiriant yn ei ddweud am y data isod.
error-404 = Nid oes dim yn y cyfeiriad hwn
error-404-means = Efallai ei fod wedi’i gamdeipio, neu fod canlyniadau newydd wedi cymryd lle’r hen rai.
error-410 = Mae canlyniadau newydd wedi disodli’r rhain
error-410-means = Agorwch y dudalen eto i’w gweld.
error-500 = Methodd y gweinydd ag ateb
error-500-means = Nid oes dim o’i le ar eich cais; mae cofnod y gweinydd yn dweud beth aeth o’i le.
error-503 = Ni ellir darllen y canlyniadau ar hyn o bryd
error-503-means = Rhowch gynnig arall arni ymhen munud; os yw’n parhau, rhaid i bwy bynnag sy’n rhedeg y gweinydd wneud y canlyniadau eto.
error-other = Ni ellir ateb hyn

# Geiriau’r astudiaeth ei hun, cyn belled ag y maent yn hysbys.
or = neu
word-children-under-5 = plant dan 5 oed
word-nursery = meithrinfa
word-nurseries = meithrinfeydd
word-walk = cerdded
word-walk-with-a-pushchair = cerdded gyda chadair wthio
word-cycle-ride = beicio
word-drive = gyrru
word-pushchair = cerdded
word-cycle = beicio
limit =
    { $minutes ->
        [one] { $cutoff } funud o { $journey }
        [two] { $cutoff } funud o { $journey }
       *[other] { $cutoff } munud o { $journey }
    }
people-title = { $People }
areas = Ardaloedd
areas-count = { $count } ardal

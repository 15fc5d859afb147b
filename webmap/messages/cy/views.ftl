# Golygon a gedwir o dan gyfeiriad byr.
view-keep = Cadw’r olwg hon
view-keep-means = Mae cyfeiriad byr yn ei hailagor i bawb sy’n cael edrych ar y tudalennau hyn.
view-kept = Wedi’i chadw: { $address }
view-unlike = Golwg yw’r hyn y mae cyfeiriad y map yn gofyn amdano, mewn { $most } nod ar y mwyaf.

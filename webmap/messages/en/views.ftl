# Views kept under a short address.
view-keep = Keep this view
view-keep-means = A short address reopens it for anybody who may look at these pages.
view-kept = Kept: { $address }
view-unlike = A view is what the address of the map asks for, in at most { $most } characters.

# The postcode check.
postcode = Postcode
postcode-title = What can be reached from { $postcode }
postcode-lead = See which { $services } a family can reach within { limit } of home.
postcode-hint = For example { $example }
postcode-find = Find
postcode-another = Check another postcode
postcode-missing = Enter a postcode.
postcode-malformed = “{ $given }” is not a whole postcode. Enter one like CH5 1AB.
postcode-unlisted = { $postcode } is not among the postcodes of { $place }. Check that it is right and in this area.
postcode-not-kept = These results name no postcodes, so none can be looked up.
postcode-some =
    { $count ->
        [one] There is { $count } { $service } within { limit }: { $nearest }, { $there } minutes away.
       *[other] There are { $count } { $services } within { limit }. The nearest is { $nearest }, { $there } minutes away.
    }
postcode-none = There is no { $service } within { limit }. The nearest is { $nearest }, { $there } minutes away.
postcode-unreachable = There is no way to a { $service } from here along the streets of the map.
postcode-no-network = The street map does not reach this postcode, so it is not known what is in reach.
postcode-uncertain = The street map does not cover enough around here to say what is in reach.
postcode-no-homes = This postcode has no homes in the study (it may be a business’s own, or lie across the border), so nothing was worked out for it.
postcode-ended = This postcode is no longer in use.
postcode-area = The area around it
postcode-decile = It is in deprivation decile { $decile } (1 is most deprived).
postcode-on-map = See on the map how far you get from here
minutes-there = Minutes there
places-are-not-vacancies = Places are those registered; ask the setting whether any is free.

"""Names for places and streets: plausible, invented, and the same for the same seed."""

import numpy as np

FIRST = (
    "Amber", "Brack", "Carn", "Cold", "Dowl", "Elder", "Fenn", "Garth", "Hathers", "Hollow",
    "Ings", "Kelder", "Lark", "Marram", "Neth", "Osier", "Pell", "Quern", "Reed", "Sand",
    "Skerne", "Tansy", "Ulls", "Wex", "Withern", "Yarrow", "Bittern", "Curl", "Dunlin", "Eastry",
    "Grebe", "Harr", "Islet", "Knott", "Lapwing", "Mallow", "Orms", "Plover", "Rush", "Sedge",
    "Teal", "Thrift", "Whin", "Wrack", "Avoc", "Brent", "Cranes", "Gannet", "Heron", "Merl"
)  # fmt: skip
LAST = (
    "by", "thorpe", "wick", "ness", "holme", "toft", "ley", "worth", "stead", "ham", "dyke",
    "garth", "mere", "gate", "field", "cote", "well", "beck"
)  # fmt: skip
BEFORE = ("Great", "Little", "Upper", "Nether", "East", "West", "North", "South")
AFTER = ("St Wenna", "Magna", "Parva", "-on-Sea", "-in-the-Marsh", "Cross", "Staithe")
SUBURBS = (
    "Netherfield", "Marsh End", "Brickfields", "Highfields",
    "Gallows Hill", "Ropewalk", "Abbey Mead", "Spital",
    "Fulling Mill", "St Edda's", "Warren Hill", "Beacon Park", "Skinner's Green", "Longlands",
    "Sandfields", "The Lawns", "Millfield", "Hospital Hill", "Priory"
)  # fmt: skip
STREETS = (
    "Abbey", "Acacia", "Albert", "Alma", "Amber", "Anchor", "Anson", "Arden", "Ash", "Aspen",
    "Avocet", "Back", "Baltic", "Barley", "Beacon", "Beech", "Bell", "Birch", "Bittern", "Blake",
    "Bluebell", "Bridge", "Bright", "Bruce", "Burns", "Byron", "Canterbury", "Capstan", "Carr",
    "Castle", "Cathcart", "Cedar", "Chandler", "Chapel", "Cherry", "Chestnut", "Church",
    "Clarence", "Cobden", "Coniston", "Cooper", "Copse", "Cornwall", "Cromer", "Cross", "Curlew",
    "Dale", "Danube", "Darwin", "Derwent", "Dock", "Dover", "Drake", "Dunlin", "Eden", "Edward",
    "Elder", "Elgin", "Elm", "Ennerdale", "Exeter", "Fairfield", "Falcon", "Fern", "Field",
    "Fisher", "Fleet", "Forge", "Foundry", "Fox", "Frobisher", "Gannet", "Garden", "George",
    "Gladstone", "Glebe", "Gordon", "Grange", "Granby", "Grasmere", "Green", "Grove", "Harbour",
    "Hardy", "Harrow", "Hawthorn", "Hazel", "Heron", "Hickory", "Hill", "Holly", "Hope",
    "Inkerman", "Ivy", "James", "Jasmine", "Jubilee", "Juniper", "Keats", "Kent", "Kestrel",
    "Kiln", "King", "Kingfisher", "Laburnum", "Lancaster", "Lapwing", "Larch", "Laurel",
    "Lavender", "Lilac", "Lime", "Lincoln", "Linden", "Linnet", "Lister", "Lodge", "Lombard",
    "Longfellow", "Magnolia", "Malt", "Maple", "Margaret", "Marine", "Market", "Marlborough",
    "Marram", "Mason", "Mayflower", "Meadow", "Mersey", "Mill", "Milton", "Moor", "Nelson",
    "Norfolk", "Oak", "Orchard", "Osborne", "Osprey", "Oxford", "Palmer", "Park", "Parsonage",
    "Peel", "Pembroke", "Petrel", "Pine", "Plover", "Poplar", "Primrose", "Priory", "Prospect",
    "Quay", "Raglan", "Railway", "Raven", "Rectory", "Redwood", "Regent", "Reservoir", "Richmond",
    "Ripon", "Robin", "Rope", "Rose", "Rowan", "Russell", "Rutland", "Sandpiper", "Scott",
    "Sedge", "Severn", "Shelley", "Ship", "Silver", "Somerset", "Spencer", "Spruce", "Stanley",
    "Station", "Sycamore", "Tamar", "Tanner", "Teal", "Tennyson", "Thames", "Thistle", "Thorn",
    "Thrift", "Trafalgar", "Trent", "Tweed", "Valley", "Vicarage", "Victoria", "Vine", "Walnut",
    "Warwick", "Water", "Waterloo", "Wellington", "Wensley", "Whitby", "William", "Willow",
    "Windermere", "Windsor", "Wood", "Wordsworth", "Wren", "Wye", "Yarrow", "Yew", "York",
    "Zetland"
)  # fmt: skip
ENDINGS = {
    "core": ("Street", "Street", "Lane", "Gate", "Row", "Yard"),
    "terrace": ("Street", "Street", "Street", "Terrace", "Road", "Place"),
    "semi": ("Road", "Avenue", "Avenue", "Grove", "Gardens", "Drive"),
    "estate": ("Crescent", "Road", "Avenue", "Walk", "Square", "Green"),
    "modern": ("Close", "Close", "Way", "Drive", "Court", "Mews"),
    "village": ("Lane", "Lane", "Street", "Close", "Green", "Croft"),
    "industrial": ("Road", "Way", "Wharf", "Works"),
    "field": ("Lane", "Lane", "Road", "Lane"),
}


def places(rng: np.random.Generator, count: int) -> list[str]:
    """Return this many different names of villages and towns."""
    stems = [
        f"{first[:-1]}{last}" if first[-1] == last[0] else f"{first}{last}"
        for first in FIRST
        for last in LAST
    ]
    stems = [stem.replace("sst", "st") for stem in stems]
    order = rng.permutation(len(stems))
    names: list[str] = []
    for turn in range(1 + count // len(stems)):
        for at in order:
            word = stems[at]
            luck = rng.random()
            if turn:
                word = f"{BEFORE[(turn - 1) % len(BEFORE)]} {word}"
            elif luck < 0.16:
                word = f"{BEFORE[int(luck * 1000) % len(BEFORE)]} {word}"
            elif luck < 0.22:
                tail = AFTER[int(luck * 1000) % 3]
                word = f"{word} {tail}"
            names.append(word)
    return names[:count]


def streets(rng: np.random.Generator, styles: list[str]) -> list[str]:
    """Return a street name for each style, fit for streets of that style."""
    first = rng.integers(0, len(STREETS), len(styles))
    last = rng.random(len(styles))
    names = []
    for at, style in enumerate(styles):
        endings = ENDINGS.get(style, ENDINGS["semi"])
        names.append(f"{STREETS[first[at]]} {endings[int(last[at] * len(endings))]}")
    return names

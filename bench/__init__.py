"""GeoEngine beside its peers: the same data, the same machine, the same minute."""

"""What stands between the server and whoever asks: headers, limits, allowances, the listener."""

BPF += ccwlat

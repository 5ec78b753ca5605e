BPF += ccwlat ccwcio ccwfsm

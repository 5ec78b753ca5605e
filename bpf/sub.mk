BPF += ccwlat ccwcio ccwfsm
# Their programs in a form that BPF_PROG_TEST_RUN runs: bpf/test/NAME.bpf.c
BPF_TESTS += ccwlat_test ccwcio_test ccwfsm_test

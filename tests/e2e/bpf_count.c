// SPDX-License-Identifier: GPL-2.0
/*
 * Loads a BPF object, attaches all it has, runs a command and prints what the maps hold then:
 *
 *     bpf-count /lib/vfio_ccw/ccwlat.bpf.o ccwio ...
 *
 * A line a subchannel: 0.0.0001 ios= refused= failed= aborted= ccws= bytes= irqs= hist= total_ns=
 * hist is the number of values in the histogram of the total, which must be ios.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bpf/ccwlat.h"

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void print(int io_map, int hist_map, int cpus)
{
	struct ccwlat_io *io = calloc(cpus, sizeof(*io)), sum;
	struct ccwlat_hist *h = calloc(cpus, sizeof(*h));
	uint32_t key, *prev = NULL;
	uint64_t hist;
	int cpu, b;

	if (!io || !h)
		die("calloc");
	for (; !bpf_map_get_next_key(io_map, prev, &key); prev = &key) {
		if (bpf_map_lookup_elem(io_map, &key, io) || bpf_map_lookup_elem(hist_map, &key, h))
			die("bpf_map_lookup_elem");
		memset(&sum, 0, sizeof(sum));
		hist = 0;
		for (cpu = 0; cpu < cpus; cpu++) {
			sum.ios += io[cpu].ios;
			sum.refused += io[cpu].refused;
			sum.failed += io[cpu].failed;
			sum.aborted += io[cpu].aborted;
			sum.ccws += io[cpu].ccws;
			sum.bytes += io[cpu].bytes;
			sum.irqs += io[cpu].irqs;
			sum.sum_ns[CCWLAT_TOTAL] += io[cpu].sum_ns[CCWLAT_TOTAL];
			for (b = 0; b < CCWLAT_BUCKETS; b++)
				hist += h[cpu].count[CCWLAT_TOTAL][b];
		}
		printf("%x.%x.%04x ios=%llu refused=%llu failed=%llu aborted=%llu ccws=%llu "
		       "bytes=%llu irqs=%llu hist=%llu total_ns=%llu\n",
		       key >> 24, key >> 16 & 0xff, key & 0xffff, sum.ios, sum.refused, sum.failed,
		       sum.aborted, sum.ccws, sum.bytes, sum.irqs, (unsigned long long)hist,
		       sum.sum_ns[CCWLAT_TOTAL]);
	}
	free(io);
	free(h);
}

int main(int argc, char **argv)
{
	struct bpf_program *prog;
	struct bpf_object *obj;
	int io_map, hist_map;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: bpf-count OBJECT COMMAND...\n");
		return 2;
	}
	obj = bpf_object__open_file(argv[1], NULL);
	if (!obj || bpf_object__load(obj))
		die(argv[1]);
	bpf_object__for_each_program(prog, obj)
		if (!bpf_program__attach(prog))
			die(bpf_program__name(prog));
	io_map = bpf_object__find_map_fd_by_name(obj, "ccw_io");
	hist_map = bpf_object__find_map_fd_by_name(obj, "ccw_hist");
	if (io_map < 0 || hist_map < 0)
		die("maps");
	pid = fork();
	if (!pid) {
		execvp(argv[2], argv + 2);
		die(argv[2]);
	}
	if (pid < 0 || waitpid(pid, NULL, 0) < 0)
		die("fork");
	print(io_map, hist_map, libbpf_num_possible_cpus());
	return 0;
}

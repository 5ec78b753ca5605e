// SPDX-License-Identifier: GPL-2.0
/*
 * Loads a BPF object, attaches all it has, runs a command and prints what the maps hold then:
 *
 *     bpf-count /lib/vfio_ccw/ccwlat.bpf.o ccwio ...
 *
 * A line a subchannel: 0.0.0001 ios= ERROR=... ccws= bytes= irqs= hist= total_ns=
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
#include "trace/ccw_names.h"

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void print(int map)
{
	struct ccwlat *l = malloc(sizeof(*l));
	uint64_t hist, other, total;
	uint32_t key, *prev = NULL;
	int i;

	if (!l)
		die("malloc");
	for (; !bpf_map_get_next_key(map, prev, &key); prev = &key) {
		if (bpf_map_lookup_elem(map, &key, l))
			die("bpf_map_lookup_elem");
		hist = other = total = 0;
		for (i = 0; i < CCWLAT_BUCKETS; i++)
			hist += l->hist[CCWLAT_TOTAL][i];
		for (i = 0; i < 8; i++)
			other += l->result[i];
		for (i = 0; i < CCWLAT_TOTAL; i++)
			total += l->sum_ns[i];
		printf("%x.%x.%04x ios=%llu", key >> 24, key >> 16 & 0xff, key & 0xffff,
		       l->usual + other);
		for (i = 1; i < 8; i++)
			if (l->result[i])
				printf(" %s=%llu", ccw_result_name(i), l->result[i]);
		printf(" ccws=%llu bytes=%llu irqs=%llu hist=%llu total_ns=%llu\n", l->ccws, l->bytes,
		       l->irqs, (unsigned long long)hist, (unsigned long long)total);
	}
	free(l);
}

int main(int argc, char **argv)
{
	struct bpf_program *prog;
	struct bpf_object *obj;
	int map;
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
	map = bpf_object__find_map_fd_by_name(obj, "ccw_lat");
	if (map < 0)
		die("ccw_lat");
	pid = fork();
	if (!pid) {
		execvp(argv[2], argv + 2);
		die(argv[2]);
	}
	if (pid < 0 || waitpid(pid, NULL, 0) < 0)
		die("fork");
	print(map);
	return 0;
}

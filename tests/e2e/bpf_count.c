// SPDX-License-Identifier: GPL-2.0
/*
 * Loads a BPF object, attaches all it has, runs a command and prints what the maps hold then:
 *
 *     bpf-count /lib/vfio_ccw/ccwlat.bpf.o ccwio ...
 *
 * A line a subchannel: 0.0.0001 ios= ERROR=... ccws= bytes= irqs= hist= total_ns=
 * then the counts of ccw_lost, and the events told. For ccwfsm.bpf.o: transitions and residency.
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

#include "bpf/ccwfsm.h"
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
		printf(" ccws=%llu bytes=%llu irqs=%llu hist=%llu total_ns=%llu\n", l->ccws,
		       l->bytes, l->irqs, (unsigned long long)hist, (unsigned long long)total);
	}
	free(l);
}

/* "lost: 0 0 0", by enum ccwlat_lost */
static void print_lost(int map)
{
	int cpus = libbpf_num_possible_cpus(), cpu;
	uint64_t *n = calloc(cpus, sizeof(*n)), sum;
	uint32_t why;

	if (!n)
		die("calloc");
	printf("lost:");
	for (why = 0; why < CCWLAT_NR_LOST; why++) {
		if (bpf_map_lookup_elem(map, &why, n))
			die("ccw_lost");
		for (sum = 0, cpu = 0; cpu < cpus; cpu++)
			sum += n[cpu];
		printf(" %llu", (unsigned long long)sum);
	}
	putchar('\n');
	free(n);
}

static int print_event(void *ctx, void *data, size_t size)
{
	const struct ccwlat_event *e = data;

	(void)ctx;
	if (size < sizeof(*e))
		die("an event is too short");
	printf("event %x.%x.%04x seq=%u rc=%d cc=%u dstat=%02x cstat=%02x ns=%llu\n", e->sch >> 24,
	       e->sch >> 16 & 0xff, e->sch & 0xffff, e->seq, e->rc, e->cc, e->dstat, e->cstat,
	       e->device_ns + e->translate_ns + e->start_ns + e->deliver_ns);
	return 0;
}

static void print_events(int map)
{
	struct ring_buffer *rb = ring_buffer__new(map, print_event, NULL, NULL);

	if (!rb || ring_buffer__consume(rb) < 0)
		die("ccw_events");
	ring_buffer__free(rb);
}

/* "fsm 0.0.0001 IDLE IO_REQ 300 refused 2", and "state 0.0.0001 IDLE NS" */
static void print_fsm(int map)
{
	struct ccwfsm *m = malloc(sizeof(*m));
	uint32_t key, *prev = NULL;
	unsigned int s, e;

	if (!m)
		die("malloc");
	for (; !bpf_map_get_next_key(map, prev, &key); prev = &key) {
		char sch[16];

		if (bpf_map_lookup_elem(map, &key, m))
			die("bpf_map_lookup_elem");
		snprintf(sch, sizeof(sch), "%x.%x.%04x", key >> 24, key >> 16 & 0xff, key & 0xffff);
		for (s = 0; s < VFIO_CCW_NR_STATES; s++) {
			printf("state %s %s %llu\n", sch, ccw_state_name(s), m->ns[s]);
			for (e = 0; e < VFIO_CCW_NR_EVENTS; e++)
				if (m->count[s][e])
					printf("fsm %s %s %s %llu refused %llu\n", sch,
					       ccw_state_name(s), ccw_event_name(e), m->count[s][e],
					       m->refused[s][e]);
		}
	}
	free(m);
}

int main(int argc, char **argv)
{
	struct bpf_program *prog;
	struct bpf_object *obj;
	int map, fsm;
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
	fsm = bpf_object__find_map_fd_by_name(obj, "ccw_fsm");
	if (map < 0 && fsm < 0)
		die("neither ccw_lat nor ccw_fsm");
	pid = fork();
	if (!pid) {
		execvp(argv[2], argv + 2);
		die(argv[2]);
	}
	if (pid < 0 || waitpid(pid, NULL, 0) < 0)
		die("fork");
	if (fsm >= 0) {
		print_fsm(fsm);
		return 0;
	}
	print(map);
	print_lost(bpf_object__find_map_fd_by_name(obj, "ccw_lost"));
	print_events(bpf_object__find_map_fd_by_name(obj, "ccw_events"));
	return 0;
}

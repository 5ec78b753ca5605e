// SPDX-License-Identifier: GPL-2.0
/*
 * bpf/ccwfsm.bpf.o, loaded while somebody wants to know.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bpf/ccwfsm.h"
#include "trace/bpf_objects.h"
#include "trace/ccw_residency.h"
#include "trace/text.h"

struct ccw_bpf_fsm {
	struct bpf_object *obj;
	struct bpf_link *link;
	int map;
};

static int load(struct ccw_bpf_fsm *f, const void *object, size_t size)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "ccwfsm");
	struct bpf_program *prog;
	int rc;

	f->obj = bpf_object__open_mem(object, size, &opts);
	if (!f->obj)
		return -errno;
	rc = bpf_object__load(f->obj);
	if (rc)
		return rc;
	f->map = bpf_object__find_map_fd_by_name(f->obj, "ccw_fsm");
	prog = bpf_object__next_program(f->obj, NULL);
	if (f->map < 0 || !prog)
		return -EINVAL;
	f->link = bpf_program__attach(prog);
	return f->link ? 0 : -errno;
}

int ccw_bpf_fsm_open(struct ccw_bpf_fsm **fsm, struct ccw_error *err)
{
	size_t size;
	const void *object = ccw_bpf_fsm_object(&size);
	struct ccw_bpf_fsm *f;
	int rc;

	*fsm = NULL;
	if (!object)
		return ccw_fail(err, -EOPNOTSUPP, "BPF programs are for s390x only");
	f = calloc(1, sizeof(*f));
	if (!f)
		return ccw_fail(err, -ENOMEM, "out of memory");
	rc = load(f, object, size);
	if (!rc) {
		*fsm = f;
		return 0;
	}
	ccw_bpf_fsm_close(f);
	return ccw_fail(err, rc, "states cannot be counted by BPF: %s", strerror(-rc));
}

void ccw_bpf_fsm_close(struct ccw_bpf_fsm *fsm)
{
	if (!fsm)
		return;
	bpf_link__destroy(fsm->link);
	bpf_object__close(fsm->obj);
	free(fsm);
}

int ccw_bpf_fsm_read(struct ccw_bpf_fsm *fsm, struct ccw_sch sch, struct ccw_residency *r)
{
	uint32_t key = ccw_sch_key(sch);
	struct ccwfsm now;
	int s, e;

	memset(r, 0, sizeof(*r));
	if (bpf_map_lookup_elem(fsm->map, &key, &now))
		return -errno;
	r->since = now.since;
	r->state = now.state;
	for (s = 0; s < VFIO_CCW_NR_STATES; s++) {
		r->ns[s] = now.ns[s];
		for (e = 0; e < VFIO_CCW_NR_EVENTS; e++) {
			r->count[s][e] = now.count[s][e];
			r->refused[s][e] = now.refused[s][e];
			r->transitions += now.count[s][e];
		}
	}
	return 0;
}

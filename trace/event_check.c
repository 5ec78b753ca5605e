// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <traceevent/event-parse.h>

#include "trace/event_check.h"

#define MAX_FIELD_END 65536
#define MAX_COUNT 8192 /* elements of a constant array, or a constant index */
#define MAX_PENDING 1024 /* print arguments not yet looked at */

static bool fields_sound(const struct tep_format_field *f)
{
	for (; f; f = f->next) {
		if (f->offset < 0 || f->size < 0 || f->offset > MAX_FIELD_END ||
		    f->size > MAX_FIELD_END)
			return false;
	}
	return true;
}

bool ccw_event_is_sound(const struct tep_event *event)
{
	return fields_sound(event->format.common_fields) && fields_sound(event->format.fields);
}

/* Print arguments that are still to be looked at: the tree is the trace's, its depth anybody's. */
struct pending {
	const struct tep_print_arg *args[MAX_PENDING];
	unsigned int n;
	bool fine;
};

static void later(struct pending *p, const struct tep_print_arg *arg)
{
	if (!arg)
		return;
	if (p->n == MAX_PENDING)
		p->fine = false;
	else
		p->args[p->n++] = arg;
}

static bool small_constant(const struct tep_print_arg *arg)
{
	char *end;
	unsigned long v;

	if (!arg || arg->type != TEP_PRINT_ATOM || !arg->atom.atom)
		return false;
	v = strtoul(arg->atom.atom, &end, 0);
	return end != arg->atom.atom && v <= MAX_COUNT;
}

/* A length that the record itself bounds, or a constant. */
static bool bounded(const struct tep_print_arg *count)
{
	return count && (count->type == TEP_PRINT_DYNAMIC_ARRAY_LEN || small_constant(count));
}

/* __print_hex() and __print_array() read as much as their count says. */
static bool array_fine(const struct tep_print_arg *field, const struct tep_print_arg *count)
{
	return field && bounded(count) &&
	       (field->type == TEP_PRINT_DYNAMIC_ARRAY || field->type == TEP_PRINT_FIELD);
}

static void look_at_op(struct pending *p, const struct tep_print_arg *arg)
{
	if (arg->op.op && arg->op.op[0] == '[' && !small_constant(arg->op.right))
		p->fine = false;
	later(p, arg->op.left);
	later(p, arg->op.right);
}

static void look_at(struct pending *p, const struct tep_print_arg *arg)
{
	later(p, arg->next);
	switch (arg->type) {
	case TEP_PRINT_FLAGS:
		later(p, arg->flags.field);
		break;
	case TEP_PRINT_SYMBOL:
		later(p, arg->symbol.field);
		break;
	case TEP_PRINT_HEX:
	case TEP_PRINT_HEX_STR:
		p->fine &= array_fine(arg->hex.field, arg->hex.size);
		break;
	case TEP_PRINT_INT_ARRAY:
		p->fine &= array_fine(arg->int_array.field, arg->int_array.count) &&
			   small_constant(arg->int_array.el_size) &&
			   strtoul(arg->int_array.el_size->atom.atom, NULL, 0) <= 8;
		break;
	case TEP_PRINT_TYPE:
		later(p, arg->typecast.item);
		break;
	case TEP_PRINT_OP:
		look_at_op(p, arg);
		break;
	case TEP_PRINT_DYNAMIC_ARRAY:
		if (arg->dynarray.index && !small_constant(arg->dynarray.index))
			p->fine = false;
		break;
	case TEP_PRINT_FUNC:
		later(p, arg->func.args);
		break;
	default:
		break;
	}
}

bool ccw_event_is_printable(const struct tep_event *event)
{
	struct pending p = { .fine = true };

	/* It says nothing, or what it said was refused (tep.c). */
	if (!event->handler && (!event->print_fmt.format || !event->print_fmt.format[0]))
		return false;
	later(&p, event->print_fmt.args);
	while (p.n && p.fine)
		look_at(&p, p.args[--p.n]);
	return p.fine;
}

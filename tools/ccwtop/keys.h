/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The keys: one table says what each is called, what it does, where, and whether --readonly refuses
 * it. The screen's keys, its help and ccwtop -h come from it; a test compares the manual with it.
 */
#ifndef CCWTOP_KEYS_H
#define CCWTOP_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct top_win;

#define TOP_IN(mode) (1u << (mode))
#define TOP_EVERYWHERE (~0u)

struct top_key {
	int key[6]; /* of curses, 0 after the last */
	const char *label; /* for people: one word for each of them, "< , > ." */
	const char *help; /* one line */
	void (*press)(struct top_win *w, int key);
	unsigned int views; /* TOP_IN(enum top_mode), added up */
	bool player; /* only while a recording is played */
	bool changes; /* writes files or changes something on the machine */
};

extern const struct top_key top_keys[];
extern const size_t top_nr_keys;

/* Does what the key does in the present view; one that does nothing there is ignored. */
void top_key_press(struct top_win *w, int key);

/* A line for each label. */
void top_keys_print(FILE *f);

#endif /* CCWTOP_KEYS_H */

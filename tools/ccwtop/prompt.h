/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One line of text that a person types at the bottom of the screen. Knows keys, not curses windows.
 */
#ifndef CCWTOP_PROMPT_H
#define CCWTOP_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#define TOP_PROMPT_LEN 256

struct top_prompt {
	bool open;
	const char *label;
	char text[TOP_PROMPT_LEN];
	size_t len, at; /* at: place of the cursor */
};

enum top_prompt_end { TOP_PROMPT_GOES_ON, TOP_PROMPT_DONE, TOP_PROMPT_CANCELLED };

/* label stays the caller's; text is what stands there at first, cut to what fits. */
void top_prompt_open(struct top_prompt *p, const char *label, const char *text);

/*
 * A key of curses: printable ASCII and those that edit; others are ignored. Closes the prompt at
 * Enter (DONE: the text is the answer) and Escape (CANCELLED).
 */
enum top_prompt_end top_prompt_key(struct top_prompt *p, int key);

/* The part of the text to show in width cells; *cursor is its cell, from 0. */
const char *top_prompt_visible(const struct top_prompt *p, int width, int *cursor);

#endif /* CCWTOP_PROMPT_H */

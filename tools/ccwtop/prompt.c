// SPDX-License-Identifier: GPL-2.0
#include <curses.h>
#include <string.h>

#include "tools/ccwtop/prompt.h"

#define CTRL(c) ((c) - '@')

void top_prompt_open(struct top_prompt *p, const char *label, const char *text)
{
	p->open = true;
	p->label = label;
	p->len = strnlen(text, sizeof(p->text) - 1);
	memcpy(p->text, text, p->len);
	p->text[p->len] = '\0';
	p->at = p->len;
}

/* Takes n characters before the cursor away. */
static void cut(struct top_prompt *p, size_t n)
{
	memmove(p->text + p->at - n, p->text + p->at, p->len - p->at + 1);
	p->at -= n;
	p->len -= n;
}

static void insert(struct top_prompt *p, char c)
{
	if (p->len + 1 >= sizeof(p->text))
		return;
	memmove(p->text + p->at + 1, p->text + p->at, p->len - p->at + 1);
	p->text[p->at++] = c;
	p->len++;
}

/* Length of the word before the cursor, with the blanks behind it. */
static size_t word(const struct top_prompt *p)
{
	size_t i = p->at;

	while (i && p->text[i - 1] == ' ')
		i--;
	while (i && p->text[i - 1] != ' ')
		i--;
	return p->at - i;
}

static void go(struct top_prompt *p, int key)
{
	if ((key == KEY_LEFT || key == CTRL('B')) && p->at)
		p->at--;
	else if ((key == KEY_RIGHT || key == CTRL('F')) && p->at < p->len)
		p->at++;
	else if (key == KEY_HOME || key == CTRL('A'))
		p->at = 0;
	else if (key == KEY_END || key == CTRL('E'))
		p->at = p->len;
}

enum top_prompt_end top_prompt_key(struct top_prompt *p, int key)
{
	switch (key) {
	case '\r':
	case '\n':
	case KEY_ENTER:
		p->open = false;
		return TOP_PROMPT_DONE;
	case 27:
	case CTRL('G'):
		p->open = false;
		return TOP_PROMPT_CANCELLED;
	case KEY_BACKSPACE:
	case CTRL('H'):
	case 127:
		cut(p, p->at ? 1 : 0);
		break;
	case KEY_DC:
	case CTRL('D'):
		if (p->at < p->len) {
			p->at++;
			cut(p, 1);
		}
		break;
	case CTRL('U'):
		cut(p, p->at);
		break;
	case CTRL('W'):
		cut(p, word(p));
		break;
	default:
		if (key >= ' ' && key <= '~')
			insert(p, key);
		else
			go(p, key);
	}
	return TOP_PROMPT_GOES_ON;
}

const char *top_prompt_visible(const struct top_prompt *p, int width, int *cursor)
{
	size_t room = width > 1 ? width - 1 : 0, from = p->at > room ? p->at - room : 0;

	*cursor = p->at - from;
	return p->text + from;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The page with all but the data, as tools/ccwtrace/html/assemble makes it; empty if it could not
 * be made. The assembler takes the file as it is: no compiler has to read it as numbers.
 */
#include "tools/ccwtrace/html_data.h"

__asm__(".section .rodata.html_page, \"a\"\n"
	".globl html_page\n"
	"html_page:\n"
	".incbin \"build/html/page.html\"\n"
	".byte 0\n"
	".previous\n");

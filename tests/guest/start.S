/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the guest starts, and where interruptions bring it.
 *
 * Interruptions are enabled in the wait state only, which is entered by a call. The new PSWs
 * lead behind that call, with all registers as they were: a wait is a function that returns
 * the reason for its end.
 */
	.section .start, "ax", @progbits
	.globl	_start
_start:
	larl	%r15, stack_top - 160
	brasl	%r14, main
	brasl	%r14, machine_stop

	.text
	.globl	machine_wait, io_entry, external_entry, mcheck_entry, program_entry
/* int machine_wait(const struct psw *enabled_wait) */
machine_wait:
	lpswe	0(%r2)
io_entry:
	lghi	%r2, 1
	br	%r14
external_entry:
	lghi	%r2, 2
	br	%r14
mcheck_entry:
	lghi	%r2, 3
	br	%r14

program_entry:
	larl	%r15, stack_top - 160
	brasl	%r14, machine_died

	.bss
	.balign	16
	.skip	16384
stack_top:

	.section .note.GNU-stack, "", @progbits

/*
 * coro/backends/aarch64.S - the switch of AAPCS64, out of line, and the entry
 * frame of every coroutine.  The protocol is switch.h's, the inline form
 * aarch64_inline.h's; each resumes what the other has suspended.
 *
 * Offsets in struct coro: 0 fp, 8 pc, 16 sp, 24 link, 48 own_base,
 * 56 resumer_base, 64 fn, 72 arg.
 *
 * Local labels are numbers, since Mach-O and ELF spell private names
 * differently; SYMBOL() adds Mach-O's underscore.
 */
#if defined(__APPLE__)
#define SYMBOL(name) _##name
#define HIDDEN(name) .private_extern _##name
#define TYPE(name)
#define SIZE(name)
#else
#define SYMBOL(name) name
#define HIDDEN(name) .hidden name
#define TYPE(name) .type name, %function
#define SIZE(name) .size name, . - name
#endif

/* A landing pad for `br` and `blr`, a nop where branch targets are free. */
#define LANDING hint #36

	.text

/*
 * int coro__switch_in(coro *c);      x0 = c
 * int coro__switch_out(coro *c, uintptr_t link);      x0 = c, x1 = link
 *
 *     |  caller's frame  |
 *     |  (sp on entry)   |
 *     |  d8-d15          |  sp + 96
 *     |  (alignment)     |  sp + 88
 *     |  x30             |  sp + 80
 *     |  x19-x28         |  sp          <- sp in the slot; x29 is in the slot
 *
 * The way out is `br`, not `ret`, as on x86_64 and for the same reason; where
 * branch targets are enforced (BTI) a return address is no target of `br` and
 * it must be `ret`.
 */
	.macro SAVE
	sub	sp, sp, #160
	.cfi_adjust_cfa_offset 160
	stp	x19, x20, [sp]
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	str	x30, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	.cfi_rel_offset x19, 0
	.cfi_rel_offset x20, 8
	.cfi_rel_offset x21, 16
	.cfi_rel_offset x22, 24
	.cfi_rel_offset x23, 32
	.cfi_rel_offset x24, 40
	.cfi_rel_offset x25, 48
	.cfi_rel_offset x26, 56
	.cfi_rel_offset x27, 64
	.cfi_rel_offset x28, 72
	.cfi_rel_offset x30, 80
	.cfi_rel_offset d8, 96
	.cfi_rel_offset d9, 104
	.cfi_rel_offset d10, 112
	.cfi_rel_offset d11, 120
	.cfi_rel_offset d12, 128
	.cfi_rel_offset d13, 136
	.cfi_rel_offset d14, 144
	.cfi_rel_offset d15, 152
	.endm

/* The result is in w1. */
	.macro RESTORE_AND_RETURN
	mov	w0, w1
	ldp	x19, x20, [sp]
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldr	x30, [sp, #80]
	ldp	d8, d9, [sp, #96]
	ldp	d10, d11, [sp, #112]
	ldp	d12, d13, [sp, #128]
	ldp	d14, d15, [sp, #144]
	add	sp, sp, #160
	.cfi_adjust_cfa_offset -160
	.cfi_restore x19
	.cfi_restore x20
	.cfi_restore x21
	.cfi_restore x22
	.cfi_restore x23
	.cfi_restore x24
	.cfi_restore x25
	.cfi_restore x26
	.cfi_restore x27
	.cfi_restore x28
	.cfi_restore x30
	.cfi_restore d8
	.cfi_restore d9
	.cfi_restore d10
	.cfi_restore d11
	.cfi_restore d12
	.cfi_restore d13
	.cfi_restore d14
	.cfi_restore d15
#if defined(__ARM_FEATURE_BTI_DEFAULT)
	ret
#else
	br	x30
#endif
	.endm

/* "A frame of no size on the other stack": from the load of sp to the jump. By
 * escapes: see x86_64.S. */
	.macro ELSEWHERE
	.cfi_remember_state
	.cfi_escape 0x0c, 0x1f, 0x00	/* CFA = sp */
	.cfi_register x30, x11
	.cfi_register x29, x10
	.cfi_same_value x19
	.cfi_same_value x20
	.cfi_same_value x21
	.cfi_same_value x22
	.cfi_same_value x23
	.cfi_same_value x24
	.cfi_same_value x25
	.cfi_same_value x26
	.cfi_same_value x27
	.cfi_same_value x28
	.endm

	.globl	SYMBOL(coro__switch_in)
	HIDDEN(coro__switch_in)
	TYPE(coro__switch_in)
	.p2align 4
SYMBOL(coro__switch_in):
	.cfi_startproc
	hint	#34
	SAVE
	adr	x9, 1f
	ldp	x10, x11, [x0]
	ldr	x12, [x0, #16]
	mov	x13, sp
	stp	x29, x9, [x0]
	str	x13, [x0, #16]
	mov	sp, x12
	ELSEWHERE
	mov	x29, x10
	br	x11
	.cfi_restore_state
	brk	#0xc0
1:	LANDING
	RESTORE_AND_RETURN
	.cfi_endproc
	SIZE(coro__switch_in)

	.globl	SYMBOL(coro__switch_out)
	HIDDEN(coro__switch_out)
	TYPE(coro__switch_out)
	.p2align 4
SYMBOL(coro__switch_out):
	.cfi_startproc
	hint	#34
	SAVE
	adr	x9, 1f
	mov	x13, sp
	ldp	x10, x11, [x0]
	ldr	x12, [x0, #16]
	mov	sp, x12
	ELSEWHERE
	str	x1, [x0, #24]
	ldr	x2, [x0, #56]
	stp	x29, x9, [x0]
	str	x13, [x0, #16]
	mov	x29, x10
	mov	w1, #0
	br	x11
	.cfi_restore_state
	brk	#0xc0
1:	LANDING
	mov	w1, #0
	RESTORE_AND_RETURN
	.cfi_endproc
	SIZE(coro__switch_out)

/*
 * int coro__switch_out_with(coro *c, uintptr_t link, coro_fn fn, void *arg);
 *
 * Leaves like coro__switch_out, and before it lands runs fn(arg) on the
 * resumer's stack, below what is live there:
 *
 *     |  resumer's frame |
 *     |                  |  <- resumer's sp, x12
 *     |  red zone        |  128 bytes: some systems promise it
 *     |  (alignment), c  |
 *     |  resumer_base    |
 *     |  resumer's sp    |
 *     |  resumer's pc    |
 *     |  resumer's fp    |  <- x29 = sp at the call: a frame record
 *
 * All are copies, since fn may resume c, or free it.
 */
	.globl	SYMBOL(coro__switch_out_with)
	HIDDEN(coro__switch_out_with)
	TYPE(coro__switch_out_with)
	.p2align 4
SYMBOL(coro__switch_out_with):
	.cfi_startproc
	hint	#34
	SAVE
	adr	x9, 1f
	mov	x13, sp
	ldp	x10, x11, [x0]
	ldr	x12, [x0, #16]
	ldr	x19, [x0, #56]
	mov	sp, x12
	ELSEWHERE
	.cfi_escape 0x0c, 0x0c, 0x00	/* CFA = x12 */
	str	x1, [x0, #24]
	stp	x29, x9, [x0]
	str	x13, [x0, #16]
	sub	sp, sp, #176
	stp	x10, x11, [sp]
	stp	x12, x19, [sp, #16]
	str	x0, [sp, #32]
	mov	x29, sp
	/* CFA = *(x29 + 16); x29, x30 and x19 as in the picture. */
	.cfi_escape 0x0f, 0x03, 0x8d, 0x10, 0x06
	.cfi_escape 0x10, 0x1d, 0x02, 0x8d, 0x00
	.cfi_escape 0x10, 0x1e, 0x02, 0x8d, 0x08
	.cfi_escape 0x10, 0x13, 0x02, 0x8d, 0x18
	mov	x0, x3
	blr	x2
	bl	SYMBOL(coro__landing)
	ldr	x0, [x29, #32]
	ldp	x10, x11, [x29]
	ldp	x12, x2, [x29, #16]
	mov	sp, x12
	.cfi_escape 0x0c, 0x1f, 0x00	/* CFA = sp */
	.cfi_register x30, x11
	.cfi_register x29, x10
	.cfi_same_value x19
	mov	x29, x10
	mov	w1, #0
	br	x11
	.cfi_restore_state
	brk	#0xc0
1:	LANDING
	mov	w1, #0
	RESTORE_AND_RETURN
	.cfi_endproc
	SIZE(coro__switch_out_with)

/*
 * The entry frame.  A new coroutine's slot is {&slot, coro__entry, c}: x29 is
 * the address of the slot for the frame's whole life, so the slot's {fp, pc}
 * is the frame record that links to whoever resumed the coroutine last.  The
 * picture and the reasons stand in x86_64.S.
 */
	.globl	SYMBOL(coro__entry)
	HIDDEN(coro__entry)
	.globl	SYMBOL(coro__entry_hooked)
	HIDDEN(coro__entry_hooked)
	.globl	SYMBOL(coro__entry_ending)
	HIDDEN(coro__entry_ending)
	TYPE(coro__entry)
	.p2align 4
	.cfi_startproc
#if !defined(__APPLE__)
	/* Compact unwinding has no signal frames and no personality by expression;
	 * there a backtrace ends at the entry. */
	.cfi_signal_frame
	.cfi_personality 0x1b, coro__personality
#endif
	.cfi_escape 0x0f, 0x03, 0x8d, 0x10, 0x06	/* CFA = *(x29 + 16) */
	.cfi_escape 0x10, 0x1d, 0x02, 0x8d, 0x00	/* x29 at x29 */
	.cfi_escape 0x10, 0x1e, 0x02, 0x8d, 0x08	/* x30 at x29 + 8 */
	.cfi_escape 0x10, 0x13, 0x02, 0x8d, 0x38	/* x19 at x29 + 56 */
	brk	#0xc0		/* for whoever looks up the entry less one */
SYMBOL(coro__entry):
	LANDING
	ldr	x9, [x0, #64]
	ldr	x0, [x0, #72]
	blr	x9
	b	2f
/* Abandoned coroutines are sent here, on their own stack below what is live. */
SYMBOL(coro__entry_ending):
	LANDING
2:	mov	x0, x29
	bl	SYMBOL(coro__finish)
	mov	w1, w0
	mov	x0, x29
	ldp	x10, x11, [x0]
	ldr	x12, [x0, #16]
	mov	sp, x12
	.cfi_remember_state
	.cfi_escape 0x0c, 0x1f, 0x00	/* CFA = sp */
	.cfi_register x30, x11
	.cfi_register x29, x10
	.cfi_same_value x19
	mov	x9, #1		/* CORO__DONE, now that the stack is left */
	str	x9, [x0, #24]
	ldr	x2, [x0, #56]
	mov	x29, x10
	br	x11
	.cfi_restore_state
	brk	#0xc0
/* Where landing on a stack takes more than arriving there. */
SYMBOL(coro__entry_hooked):
	LANDING
	bl	SYMBOL(coro__run)
	b	2b
	.cfi_endproc
	SIZE(coro__entry)

#if !defined(__APPLE__)
	.section .note.GNU-stack, "", %progbits
#endif

/* Branch target identification is supported; pointer authentication is not
 * claimed, since this file signs nothing. */
#if defined(__ELF__) && defined(__ARM_FEATURE_BTI_DEFAULT)
	.section .note.gnu.property, "a"
	.p2align 3
	.long	4
	.long	16
	.long	5
	.asciz	"GNU"
	.long	0xc0000000
	.long	4
	.long	1
	.long	0
#endif

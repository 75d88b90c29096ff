/*
 * coro/backends/x86_64.S - the switch of x86_64 System V, out of line, and the
 * entry frame of every coroutine.  The protocol is switch.h's, the inline form
 * x86_64_inline.h's; each resumes what the other has suspended.
 *
 * Offsets in struct coro: 0 fp, 8 pc, 16 sp, 24 link, 48 own_base,
 * 56 resumer_base, 64 fn, 72 arg.
 *
 * SYMBOL() adds Mach-O's underscore.
 */
#if defined(__APPLE__)
#define SYMBOL(name) _##name
#define HIDDEN(name) .private_extern _##name
#define TYPE(name)
#define SIZE(name)
#else
#define SYMBOL(name) name
#define HIDDEN(name) .hidden name
#define TYPE(name) .type name, @function
#define SIZE(name) .size name, . - name
#endif

#if defined(__CET__) && (__CET__ & 1)
#define LANDING endbr64
#else
#define LANDING nop
#endif

	.text

/*
 * int coro__switch_in(coro *c);      rdi = c
 * int coro__switch_out(coro *c, uintptr_t link);      rdi = c, rsi = link
 *
 * Reached by a tail call, so the return address on top of the stack is that of
 * coro_resume's or coro_suspend's caller:
 *
 *     |  caller's frame  |
 *     |  return address  |  <- rsp on entry, and popped at the very end
 *     |  rbx             |
 *     |  r12 r13 r14 r15 |  <- sp in the slot
 *
 * The way out is `pop %rcx; jmp *%rcx`: a `ret` would be predicted to go where
 * this side's return stack says, to the other coroutine's caller, and cost a
 * misprediction of 7 ns at every switch.
 */
	.macro SAVE
	pushq	%rbx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbx, 0
	pushq	%r12
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r12, 0
	pushq	%r13
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r13, 0
	pushq	%r14
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r14, 0
	pushq	%r15
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r15, 0
	.endm

/* The result is in eax already. */
	.macro RESTORE_AND_RETURN
	popq	%r15
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r15
	popq	%r14
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r14
	popq	%r13
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r13
	popq	%r12
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r12
	popq	%rbx
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rbx
	popq	%rcx
	.cfi_adjust_cfa_offset -8
	.cfi_register %rip, %rcx
	jmp	*%rcx
	.endm

/* "A frame of no size on the other stack": from the load of rsp to the jump.
 * By escapes, since clang 14 goes on to count from a .cfi_def_cfa here in the
 * .cfi_adjust_cfa_offsets that come after .cfi_restore_state. */
	.macro ELSEWHERE fp
	.cfi_remember_state
	.cfi_escape 0x0c, 0x07, 0x00	/* CFA = rsp */
	.cfi_register %rip, %r8
	.cfi_register %rbp, \fp
	.cfi_same_value %rbx
	.cfi_same_value %r12
	.cfi_same_value %r13
	.cfi_same_value %r14
	.cfi_same_value %r15
	.endm

	.globl	SYMBOL(coro__switch_in)
	HIDDEN(coro__switch_in)
	TYPE(coro__switch_in)
	.p2align 4
SYMBOL(coro__switch_in):
	.cfi_startproc
	LANDING
	SAVE
	leaq	1f(%rip), %rax
	movq	16(%rdi), %rcx
	movq	0(%rdi), %rsi
	movq	8(%rdi), %r8
	movq	%rax, 8(%rdi)
	movq	%rsp, 16(%rdi)
	movq	%rbp, 0(%rdi)
	movq	%rcx, %rsp
	ELSEWHERE %rsi
	movq	%rsi, %rbp
	jmp	*%r8
	.cfi_restore_state
	int3
	.p2align 3
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
	LANDING
	SAVE
	movq	%rsi, %rdx
	leaq	1f(%rip), %rax
	movq	%rsp, %rcx
	movq	0(%rdi), %rsi
	movq	8(%rdi), %r8
	movq	16(%rdi), %rsp
	ELSEWHERE %rsi
	movq	%rdx, 24(%rdi)
	movq	56(%rdi), %rdx
	movq	%rax, 8(%rdi)
	movq	%rcx, 16(%rdi)
	movq	%rbp, 0(%rdi)
	movq	%rsi, %rbp
	xorl	%eax, %eax
	jmp	*%r8
	.cfi_restore_state
	int3
	.p2align 3
1:	LANDING
	xorl	%eax, %eax
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
 *     |                  |  <- resumer's rsp, r11
 *     |  red zone        |
 *     |  (alignment)     |
 *     |  resumer's pc    |
 *     |  resumer's fp    |  <- rbp: a frame record
 *     |  resumer's sp    |
 *     |  resumer_base    |
 *     |  c               |
 *     |  (alignment)     |  <- rsp, 16-aligned, at the call
 *
 * All are copies, since fn may resume c, or free it.
 */
	.globl	SYMBOL(coro__switch_out_with)
	HIDDEN(coro__switch_out_with)
	TYPE(coro__switch_out_with)
	.p2align 4
SYMBOL(coro__switch_out_with):
	.cfi_startproc
	LANDING
	SAVE
	leaq	1f(%rip), %rax
	movq	%rsp, %r9
	movq	0(%rdi), %r10
	movq	8(%rdi), %r8
	movq	56(%rdi), %rbx
	movq	16(%rdi), %r11
	movq	%r11, %rsp
	ELSEWHERE %r10
	.cfi_escape 0x0c, 0x0b, 0x00	/* CFA = r11 */
	movq	%rsi, 24(%rdi)
	movq	%rax, 8(%rdi)
	movq	%r9, 16(%rdi)
	movq	%rbp, 0(%rdi)
	leaq	-128(%rsp), %rsp
	andq	$-16, %rsp
	pushq	%r8
	pushq	%r10
	movq	%rsp, %rbp
	pushq	%r11
	pushq	%rbx
	pushq	%rdi
	pushq	%rdi
	/* CFA = *(rbp - 8); rbp, rip and rbx as in the picture. */
	.cfi_escape 0x0f, 0x03, 0x76, 0x78, 0x06
	.cfi_escape 0x10, 0x06, 0x02, 0x76, 0x00
	.cfi_escape 0x10, 0x10, 0x02, 0x76, 0x08
	.cfi_escape 0x10, 0x03, 0x02, 0x76, 0x70
	movq	%rcx, %rdi
	call	*%rdx
	call	SYMBOL(coro__landing)
	movq	-24(%rbp), %rdi
	movq	-16(%rbp), %rdx
	movq	0(%rbp), %rsi
	movq	8(%rbp), %r8
	movq	-8(%rbp), %rsp
	.cfi_escape 0x0c, 0x07, 0x00	/* CFA = rsp */
	.cfi_register %rip, %r8
	.cfi_register %rbp, %rsi
	.cfi_same_value %rbx
	movq	%rsi, %rbp
	xorl	%eax, %eax
	jmp	*%r8
	.cfi_restore_state
	int3
	.p2align 3
1:	LANDING
	xorl	%eax, %eax
	RESTORE_AND_RETURN
	.cfi_endproc
	SIZE(coro__switch_out_with)

/*
 * The entry frame.  A new coroutine's slot is {&slot, coro__entry, c}: rbp is
 * the address of the slot for the frame's whole life, so the slot's {fp, pc}
 * is the frame record that links to whoever resumed the coroutine last, and
 * CFI finds the rest of the resumer there as well:
 *
 *     |  struct coro        |
 *     |    resumer_base     |  rbp + 56
 *     |    sp               |  rbp + 16    the resumer's
 *     |    pc               |  rbp + 8       "
 *     |    fp               |  rbp           "
 *     +---------------------+  <- rbp = c = rsp, 64-aligned
 *     |  body's frames      |
 *
 *  - A signal frame, since gdb else stops at a caller with a lower address
 *    ("previous frame inner to this frame").  A signal frame's pc is looked up
 *    as it is, not less one: an instruction follows each call.
 *  - The personality routine (unwind.c) sees an exception that would leave the
 *    body in the search phase, before anything is unwound.
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
	.cfi_escape 0x0f, 0x03, 0x76, 0x10, 0x06	/* CFA = *(rbp + 16) */
	.cfi_escape 0x10, 0x06, 0x02, 0x76, 0x00	/* rbp at rbp */
	.cfi_escape 0x10, 0x10, 0x02, 0x76, 0x08	/* rip at rbp + 8 */
	.cfi_escape 0x10, 0x03, 0x02, 0x76, 0x38	/* rbx at rbp + 56 */
	/* A switch that is about to jump here looks like a call from just before:
	 * there must be an instruction with this frame's rules. */
	int3
SYMBOL(coro__entry):
	LANDING
	movq	%rdi, %rax
	movq	72(%rdi), %rdi
	call	*64(%rax)
/* Abandoned coroutines are sent here, on their own stack below what is live. */
SYMBOL(coro__entry_ending):
	LANDING
	leaq	0(%rbp), %rdi
	call	SYMBOL(coro__finish)
	leaq	0(%rbp), %rdi
	movq	0(%rdi), %rsi
	movq	8(%rdi), %r8
	movq	16(%rdi), %rsp
	.cfi_remember_state
	.cfi_escape 0x0c, 0x07, 0x00	/* CFA = rsp */
	.cfi_register %rip, %r8
	.cfi_register %rbp, %rsi
	.cfi_same_value %rbx
	movq	$1, 24(%rdi)	/* CORO__DONE, now that the stack is left */
	movq	56(%rdi), %rdx
	movq	%rsi, %rbp
	jmp	*%r8
	.cfi_restore_state
	int3
/* Where landing on a stack takes more than arriving there. */
SYMBOL(coro__entry_hooked):
	LANDING
	call	SYMBOL(coro__run)
	jmp	SYMBOL(coro__entry_ending)
	.cfi_endproc
	SIZE(coro__entry)

#if !defined(__APPLE__)
	.section .note.GNU-stack, "", @progbits
#endif

/* Indirect-branch tracking is supported; shadow stacks are not, and leaving the
 * bit out makes the linker turn them off for the whole program. */
#if defined(__ELF__) && defined(__CET__) && (__CET__ & 1)
	.section .note.gnu.property, "a"
	.p2align 3
	.long	4
	.long	16
	.long	5
	.asciz	"GNU"
	.long	0xc0000002
	.long	4
	.long	1
	.long	0
#endif

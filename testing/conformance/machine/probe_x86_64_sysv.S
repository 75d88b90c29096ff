/*
 * testing/conformance/machine/probe_x86_64_sysv.S - probe.h for x86_64 System V:
 * rbx rbp r12-r15.
 *
 *     |  return address             |
 *     |  rbp rbx r12 r13 r14 r15    |
 *     |  seed                       |  <- rsp, 16-aligned, at the call
 *
 * Register number i holds seed + i * STEP, so that a register that received
 * another one's value is found as well.
 */
#if defined(__APPLE__)
#define SYMBOL(name) _##name
#else
#define SYMBOL(name) name
#endif

#if defined(__CET__) && (__CET__ & 1)
#define LANDING endbr64
#else
#define LANDING nop
#endif

#define STEP $0x0101010101010101

	.macro FILL register
	movq	%rcx, \register
	addq	%r8, %rcx
	.endm

	.macro COMPARE register, bit
	cmpq	%rcx, \register
	je	1f
	orl	$1 << \bit, %eax
1:	addq	%r8, %rcx
	.endm

	.macro PUSH register
	pushq	\register
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset \register, 0
	.endm

	.macro POP register
	popq	\register
	.cfi_adjust_cfa_offset -8
	.cfi_restore \register
	.endm

	.text
	.globl	SYMBOL(probe_registers)
	.p2align 4
SYMBOL(probe_registers):
	.cfi_startproc
	LANDING
	PUSH %rbp
	PUSH %rbx
	PUSH %r12
	PUSH %r13
	PUSH %r14
	PUSH %r15
	pushq	%rdi
	.cfi_adjust_cfa_offset 8
	movq	%rdi, %rcx
	movabsq	STEP, %r8
	FILL %rbx
	FILL %rbp
	FILL %r12
	FILL %r13
	FILL %r14
	FILL %r15
	movq	%rdx, %rdi
	call	*%rsi
	movq	(%rsp), %rcx
	movabsq	STEP, %r8
	xorl	%eax, %eax
	COMPARE %rbx, 0
	COMPARE %rbp, 1
	COMPARE %r12, 2
	COMPARE %r13, 3
	COMPARE %r14, 4
	COMPARE %r15, 5
	addq	$8, %rsp
	.cfi_adjust_cfa_offset -8
	POP %r15
	POP %r14
	POP %r13
	POP %r12
	POP %rbx
	POP %rbp
	ret
	.cfi_endproc

#if defined(__APPLE__)
	.section __TEXT,__const
#else
	.section .rodata
#endif
	.globl	SYMBOL(probe_names)
SYMBOL(probe_names):
	.asciz	"rbx rbp r12 r13 r14 r15"

#if defined(__ELF__)
	.section .note.GNU-stack, "", @progbits
#endif

/* Fit for both halves of CET, so that what a binary with this file lacks is the
 * library's doing. */
#if defined(__ELF__) && defined(__CET__) && (__CET__ & 1)
	.section .note.gnu.property, "a"
	.p2align 3
	.long	4
	.long	16
	.long	5
	.asciz	"GNU"
	.long	0xc0000002
	.long	4
	.long	3
	.long	0
#endif

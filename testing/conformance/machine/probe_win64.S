/*
 * testing/conformance/machine/probe_win64.S - probe.h for x86_64 Windows: rbx
 * rbp rdi rsi r12-r15 and all 128 bits of xmm6-xmm15.
 *
 *     |  return address                      |
 *     |  rbp rbx rdi rsi r12 r13 r14 r15     |
 *     |  (alignment)                         |  rsp + 208
 *     |  seed                                |  rsp + 200
 *     |  (alignment)                         |  rsp + 192
 *     |  xmm6-xmm15                          |  rsp + 32
 *     |  home of the callee's arguments      |  <- rsp, 16-aligned, at the call
 *
 * Register number i holds seed + i * STEP, the xmm ones in both halves.
 */
#define STEP $0x0101010101010101

	.macro FILL register
	movq	%rcx, \register
	addq	%r10, %rcx
	.endm

	.macro FILL_XMM register
	movq	%rcx, \register
	punpcklqdq \register, \register
	addq	%r10, %rcx
	.endm

	.macro COMPARE register, bit
	cmpq	%rcx, \register
	je	1f
	orl	$1 << \bit, %eax
1:	addq	%r10, %rcx
	.endm

	.macro COMPARE_XMM register, bit
	movq	%rcx, %xmm0
	punpcklqdq %xmm0, %xmm0
	pcmpeqb	\register, %xmm0
	pmovmskb %xmm0, %edx
	cmpl	$0xffff, %edx
	je	1f
	orl	$1 << \bit, %eax
1:	addq	%r10, %rcx
	.endm

	.macro PUSH register
	pushq	\register
	.seh_pushreg \register
	.endm

	.macro SAVE_XMM register, offset
	movaps	\register, \offset(%rsp)
	.seh_savexmm \register, \offset
	.endm

	.text
	.globl	probe_registers
	.p2align 4
	.def probe_registers; .scl 2; .type 32; .endef
	.seh_proc probe_registers
probe_registers:
	PUSH %rbp
	PUSH %rbx
	PUSH %rdi
	PUSH %rsi
	PUSH %r12
	PUSH %r13
	PUSH %r14
	PUSH %r15
	subq	$216, %rsp
	.seh_stackalloc 216
	SAVE_XMM %xmm6, 32
	SAVE_XMM %xmm7, 48
	SAVE_XMM %xmm8, 64
	SAVE_XMM %xmm9, 80
	SAVE_XMM %xmm10, 96
	SAVE_XMM %xmm11, 112
	SAVE_XMM %xmm12, 128
	SAVE_XMM %xmm13, 144
	SAVE_XMM %xmm14, 160
	SAVE_XMM %xmm15, 176
	.seh_endprologue
	movq	%rcx, 200(%rsp)
	movabsq	STEP, %r10
	FILL %rbx
	FILL %rbp
	FILL %rdi
	FILL %rsi
	FILL %r12
	FILL %r13
	FILL %r14
	FILL %r15
	FILL_XMM %xmm6
	FILL_XMM %xmm7
	FILL_XMM %xmm8
	FILL_XMM %xmm9
	FILL_XMM %xmm10
	FILL_XMM %xmm11
	FILL_XMM %xmm12
	FILL_XMM %xmm13
	FILL_XMM %xmm14
	FILL_XMM %xmm15
	movq	%r8, %rcx
	call	*%rdx
	movq	200(%rsp), %rcx
	movabsq	STEP, %r10
	xorl	%eax, %eax
	COMPARE %rbx, 0
	COMPARE %rbp, 1
	COMPARE %rdi, 2
	COMPARE %rsi, 3
	COMPARE %r12, 4
	COMPARE %r13, 5
	COMPARE %r14, 6
	COMPARE %r15, 7
	COMPARE_XMM %xmm6, 8
	COMPARE_XMM %xmm7, 9
	COMPARE_XMM %xmm8, 10
	COMPARE_XMM %xmm9, 11
	COMPARE_XMM %xmm10, 12
	COMPARE_XMM %xmm11, 13
	COMPARE_XMM %xmm12, 14
	COMPARE_XMM %xmm13, 15
	COMPARE_XMM %xmm14, 16
	COMPARE_XMM %xmm15, 17
	movaps	32(%rsp), %xmm6
	movaps	48(%rsp), %xmm7
	movaps	64(%rsp), %xmm8
	movaps	80(%rsp), %xmm9
	movaps	96(%rsp), %xmm10
	movaps	112(%rsp), %xmm11
	movaps	128(%rsp), %xmm12
	movaps	144(%rsp), %xmm13
	movaps	160(%rsp), %xmm14
	movaps	176(%rsp), %xmm15
	addq	$216, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rsi
	popq	%rdi
	popq	%rbx
	popq	%rbp
	ret
	.seh_endproc

	.section .rdata, "dr"
	.globl	probe_names
probe_names:
	.ascii	"rbx rbp rdi rsi r12 r13 r14 r15 xmm6 xmm7 xmm8 xmm9 xmm10 "
	.asciz	"xmm11 xmm12 xmm13 xmm14 xmm15"

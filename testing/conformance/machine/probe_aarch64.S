/*
 * testing/conformance/machine/probe_aarch64.S - probe.h for AAPCS64: x19-x29
 * and the low halves of v8-v15.
 *
 *     |  (alignment)      |  sp + 168
 *     |  seed             |  sp + 160
 *     |  d8-d15           |  sp + 96
 *     |  x19-x28          |  sp + 16
 *     |  x29 x30          |  <- sp at the call
 *
 * Register number i holds seed + i * STEP, so that a register that received
 * another one's value is found as well.
 */
#if defined(__APPLE__)
#define SYMBOL(name) _##name
#else
#define SYMBOL(name) name
#endif

	.macro STEP
	mov	x10, #0x0101010101010101
	.endm

	.macro FILL register
	mov	\register, x9
	add	x9, x9, x10
	.endm

	.macro FILL_D register
	fmov	\register, x9
	add	x9, x9, x10
	.endm

	.macro COMPARE register, bit
	cmp	\register, x9
	b.eq	1f
	orr	w0, w0, #1 << \bit
1:	add	x9, x9, x10
	.endm

	.macro COMPARE_D register, bit
	fmov	x11, \register
	COMPARE x11, \bit
	.endm

	.text
	.globl	SYMBOL(probe_registers)
	.p2align 4
SYMBOL(probe_registers):
	.cfi_startproc
	hint	#34
	stp	x29, x30, [sp, #-176]!
	.cfi_adjust_cfa_offset 176
	.cfi_rel_offset x29, 0
	.cfi_rel_offset x30, 8
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	str	x0, [sp, #160]
	.cfi_rel_offset x19, 16
	.cfi_rel_offset x20, 24
	.cfi_rel_offset x21, 32
	.cfi_rel_offset x22, 40
	.cfi_rel_offset x23, 48
	.cfi_rel_offset x24, 56
	.cfi_rel_offset x25, 64
	.cfi_rel_offset x26, 72
	.cfi_rel_offset x27, 80
	.cfi_rel_offset x28, 88
	.cfi_rel_offset d8, 96
	.cfi_rel_offset d9, 104
	.cfi_rel_offset d10, 112
	.cfi_rel_offset d11, 120
	.cfi_rel_offset d12, 128
	.cfi_rel_offset d13, 136
	.cfi_rel_offset d14, 144
	.cfi_rel_offset d15, 152
	mov	x9, x0
	STEP
	FILL x19
	FILL x20
	FILL x21
	FILL x22
	FILL x23
	FILL x24
	FILL x25
	FILL x26
	FILL x27
	FILL x28
	FILL x29
	FILL_D d8
	FILL_D d9
	FILL_D d10
	FILL_D d11
	FILL_D d12
	FILL_D d13
	FILL_D d14
	FILL_D d15
	mov	x0, x2
	blr	x1
	ldr	x9, [sp, #160]
	STEP
	mov	w0, #0
	COMPARE x19, 0
	COMPARE x20, 1
	COMPARE x21, 2
	COMPARE x22, 3
	COMPARE x23, 4
	COMPARE x24, 5
	COMPARE x25, 6
	COMPARE x26, 7
	COMPARE x27, 8
	COMPARE x28, 9
	COMPARE x29, 10
	COMPARE_D d8, 11
	COMPARE_D d9, 12
	COMPARE_D d10, 13
	COMPARE_D d11, 14
	COMPARE_D d12, 15
	COMPARE_D d13, 16
	COMPARE_D d14, 17
	COMPARE_D d15, 18
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	d8, d9, [sp, #96]
	ldp	d10, d11, [sp, #112]
	ldp	d12, d13, [sp, #128]
	ldp	d14, d15, [sp, #144]
	ldp	x29, x30, [sp], #176
	ret
	.cfi_endproc

#if defined(__APPLE__)
	.section __TEXT,__const
#else
	.section .rodata
#endif
	.globl	SYMBOL(probe_names)
SYMBOL(probe_names):
	.ascii	"x19 x20 x21 x22 x23 x24 x25 x26 x27 x28 x29 "
	.asciz	"d8 d9 d10 d11 d12 d13 d14 d15"

#if defined(__ELF__)
	.section .note.GNU-stack, "", %progbits
#endif

/* Branch targets are marked; nothing is signed. */
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

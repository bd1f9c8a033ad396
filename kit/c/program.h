/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs: what an exec maps, the auxiliary vector, the initial stack: kit/process/. */
#pragma once

#include "kit/c/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    vdsokit_program_refused = 120,
    vdsokit_exec_refused = 121,
    vdsokit_exec_no_room = 122,
    vdsokit_stack_too_large = 123, /* E2BIG, as is the next */
    vdsokit_stack_string_too_long = 124,
    vdsokit_stack_unreadable_string = 125,
    vdsokit_stack_unwritable = 126,
    vdsokit_auxv_too_long = 127
};

struct vdsokit_program_file {
    void const* context;
    /* Not 0: [offset, offset + size), which lies inside the file, was copied. */
    int (*read)(void const* context, uint64_t offset, void* to, uint64_t size);
    uint64_t size;
};

struct vdsokit_program_rules {
    uint16_t machine;    /* e_machine */
    uint16_t file_class; /* 1: 32 bits, 2: 64 bits */
    uint32_t reserved;
    uint64_t page_size;
    uint64_t process_end;
};

struct vdsokit_program {
    uint64_t opaque[256];
};
vdsokit_status vdsokit_program_open(struct vdsokit_program* program,
                                    struct vdsokit_program_file const* file,
                                    struct vdsokit_program_rules const* rules,
                                    struct vdsokit_fault* fault);
/* Null: a static program. */
char const* vdsokit_program_interpreter(struct vdsokit_program const* program);
uint64_t vdsokit_program_segment_count(struct vdsokit_program const* program);

struct vdsokit_range {
    uint64_t start;
    uint64_t end; /* behind the last byte; equal to start: empty */
};

struct vdsokit_segment_pieces {
    struct vdsokit_range file;
    uint64_t file_offset;
    struct vdsokit_range clear;
    struct vdsokit_range zero;
    uint32_t access;
    uint32_t reserved;
};
/* Precondition: index < the count. */
struct vdsokit_segment_pieces vdsokit_program_segment(struct vdsokit_program const* program,
                                                      uint64_t index, uint64_t bias,
                                                      uint64_t page_size);

enum { vdsokit_vdso_none, vdsokit_vdso_anywhere, vdsokit_vdso_fixed };

struct vdsokit_exec_request {
    struct vdsokit_program const* program;
    struct vdsokit_program const* interpreter; /* null: none */
    uint64_t page_size;
    struct vdsokit_range process;
    struct vdsokit_range stack;
    uint64_t program_base;
    uint64_t mapping_top;
    struct vdsokit_range vdso;
    uint64_t vdso_alignment;
    uint64_t vdso_placement; /* vdsokit_vdso_...; another value is vdsokit_exec_refused */
    uint64_t program_shift;
    uint64_t interpreter_shift;
    uint64_t vdso_shift;
    uint64_t heap_shift;
};

struct vdsokit_exec_plan {
    uint64_t program_bias;
    uint64_t interpreter_bias;
    uint64_t vdso;
    uint64_t entry;
    uint64_t program_entry;
    uint64_t program_headers;
    uint64_t heap_start;
};
vdsokit_status vdsokit_plan_exec(struct vdsokit_exec_request const* request,
                                 struct vdsokit_exec_plan* plan, struct vdsokit_fault* fault);

enum { vdsokit_auxv_capacity = 39 };
struct vdsokit_aux_entry {
    uint64_t type;
    uint64_t value;
};
/* Without the terminator. The caller may take entries out and put others in. */
struct vdsokit_auxv {
    uint64_t count;
    struct vdsokit_aux_entry entries[vdsokit_auxv_capacity];
};

struct vdsokit_process_facts {
    uint64_t page_size;
    uint64_t user, effective_user, group, effective_group;
    uint64_t is_secure;
    uint64_t hwcap, hwcap2;
    uint64_t clock_ticks;
    uint64_t signal_stack_size; /* 0: left out */
    uint64_t has_platform;
};
void vdsokit_auxv_make(struct vdsokit_auxv* auxv, struct vdsokit_program const* program,
                       struct vdsokit_exec_plan const* plan,
                       struct vdsokit_process_facts const* facts);

/* kit/process/initial_stack.h, StackStrings. Indexes count argv, then envp. */
struct vdsokit_strings {
    void* context;
    uint64_t arguments;
    uint64_t environment;
    /* With its NUL; 0: unreadable; anything above `limit`: longer than that. */
    uint64_t (*size)(void* context, uint64_t index, uint64_t limit);
    int (*copy)(void* context, uint64_t index, uint64_t offset, uint8_t* to, uint64_t size);
};
struct vdsokit_stack_sink {
    void* context;
    int (*write)(void* context, uint64_t at, uint8_t const* bytes, uint64_t size);
};
struct vdsokit_stack_rules {
    uint64_t file_class; /* 1: 32 bits, 2: 64 bits */
    uint64_t top;
    uint64_t bytes_limit;
    uint64_t string_limit;
    char const* exec_name;
    char const* platform;
    uint8_t random[16];
};
struct vdsokit_initial_stack {
    uint64_t opaque[112];
};
/* exec_name and platform stay where they are until the stack is written. */
vdsokit_status vdsokit_stack_measure(struct vdsokit_initial_stack* stack,
                                     struct vdsokit_strings const* strings,
                                     struct vdsokit_auxv const* auxv,
                                     struct vdsokit_stack_rules const* rules,
                                     struct vdsokit_fault* fault);
vdsokit_status vdsokit_stack_write(struct vdsokit_initial_stack const* stack,
                                   struct vdsokit_strings const* strings,
                                   struct vdsokit_stack_sink const* sink,
                                   struct vdsokit_fault* fault);
uint64_t vdsokit_stack_pointer(struct vdsokit_initial_stack const* stack);

#ifdef __cplusplus
}
#endif

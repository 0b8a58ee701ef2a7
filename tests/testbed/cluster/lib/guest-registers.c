/*
 * Lets User-Mode Linux 6.1 run on processors whose register state is larger than it knows (AMX: 11 KiB; it keeps 2.6). It writes the first part
 * back, and newer host kernels refuse anything but the whole. Preloaded, this adds the rest. Linux 6.10 does so by itself.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

typedef long (*ptrace_function)(int, pid_t, void *, void *);

/* Not on the stack: the guest kernel's stacks are small. It has one processor, so one buffer does. */
static char registers[64 * 1024];

long ptrace(enum __ptrace_request request, ...)
{
    static ptrace_function next;
    va_list arguments;
    va_start(arguments, request);
    pid_t pid = va_arg(arguments, pid_t);
    void *address = va_arg(arguments, void *);
    void *data = va_arg(arguments, void *);
    va_end(arguments);
    if (next == NULL)
        next = (ptrace_function)dlsym(RTLD_NEXT, "ptrace");

    if (request == PTRACE_SETREGSET && address == (void *)NT_X86_XSTATE) {
        const struct iovec *part = data;
        struct iovec whole = {registers, sizeof registers};
        if (next(PTRACE_GETREGSET, pid, address, &whole) == 0 && whole.iov_len > part->iov_len) {
            memcpy(registers, part->iov_base, part->iov_len);
            return next(PTRACE_SETREGSET, pid, address, &whole);
        }
    }

    return next(request, pid, address, data);
}

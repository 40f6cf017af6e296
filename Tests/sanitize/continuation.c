// Tells ThreadSanitizer of continuations that are resumed before they are awaited.
//
// The concurrency library says when a task is resumed, and that whoever runs it next has seen it, if it comes out of a queue. One
// that is resumed in the moment between its closure and its waiting goes on by itself, which the library says nothing of: what
// it was handed seems to race with whoever handed it over. This stands before the library's own function, and says it;
// `handover early` shows the difference. Where the library itself waits (a generic function of it that is not compiled
// here for its types), it does not come here.

#include <dlfcn.h>
#include <stddef.h>

#define SWIFT __attribute__((swiftcall))
#define ASYNC __attribute__((swiftasynccall))
#define CONTEXT __attribute__((swift_async_context))

struct task;

// What the compiler has on the stack of who waits; the beginning of the library's `ContinuationAsyncContext`.
struct context {
  struct context *parent;
  ASYNC void (*go_on)(CONTEXT struct context *);
  size_t flags;
};

// Among the flags: it goes on where an actor wants it, which may be another thread.
static const size_t switches = 2;

typedef ASYNC void await(struct context *);

void __tsan_acquire(void *);
SWIFT struct task *swift_task_getCurrent(void);

// The way on of what this thread is about to wait for.
static _Thread_local ASYNC void (*goes_on)(CONTEXT struct context *);

static ASYNC void resumed_early(CONTEXT struct context *context) {
  context->go_on = goes_on;
  __tsan_acquire(swift_task_getCurrent());
  __attribute__((musttail)) return context->go_on(context);
}

ASYNC void swift_continuation_await(struct context *context) {
  static await *library;
  if (!library) library = (await *)dlsym(RTLD_NEXT, "swift_continuation_await");
  if (!(context->flags & switches)) {
    // A task that has to wait has its way on from before, and does not look here again.
    goes_on = context->go_on;
    context->go_on = resumed_early;
  }
  __attribute__((musttail)) return library(context);
}

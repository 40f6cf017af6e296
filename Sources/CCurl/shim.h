#ifndef TRIAGED_CCURL_SHIM_H
#define TRIAGED_CCURL_SHIM_H

#include <curl/curl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* curl_easy_setopt is variadic, which Swift cannot call: one typed wrapper a kind of argument. */

static inline CURLcode curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_set_large(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}

/* READFUNCTION, WRITEFUNCTION and HEADERFUNCTION share this shape. */
typedef size_t (*curl_transfer_callback)(char *buffer, size_t size, size_t count, void *context);

static inline CURLcode curl_set_callback(
    CURL *handle, CURLoption option, curl_transfer_callback callback,
    CURLoption context_option, void *context) {
  CURLcode code = curl_easy_setopt(handle, option, callback);
  return code == CURLE_OK ? curl_easy_setopt(handle, context_option, context) : code;
}
static inline CURLcode curl_set_progress(
    CURL *handle, curl_xferinfo_callback callback, void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, callback);
  return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_XFERINFODATA, context) : code;
}
/* Told what libcurl found under the host's name in the known_hosts file. */
static inline CURLcode curl_set_key_check(
    CURL *handle, curl_sshkeycallback callback, void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_SSH_KEYFUNCTION, callback);
  return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_SSH_KEYDATA, context) : code;
}
static inline CURLcode curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode curl_get_large(CURL *handle, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(handle, info, value);
}

/* A file of memory alone, for a library that reads nothing but files; -1 with errno. */
static inline int memory_file(const char *name) {
  return (int)syscall(SYS_memfd_create, name, 1u /* MFD_CLOEXEC */);
}

#endif

#ifndef CCURL_H
#define CCURL_H

// Debian's libcurl, and its variadic functions once for each type of argument, since Swift calls none that are
// variadic. No logic.
#include <curl/curl.h>

// Macros with casts, which are not imported.
static const long CCurl_auth_basic = CURLAUTH_BASIC;
static const long CCurl_auth_digest = CURLAUTH_DIGEST;

typedef size_t (*CCurlDataCallback)(char *data, size_t size, size_t count, void *context);
typedef int (*CCurlProgressCallback)(
    void *context, curl_off_t download_total, curl_off_t downloaded, curl_off_t upload_total, curl_off_t uploaded);

static inline CURLcode CCurl_setopt_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode CCurl_setopt_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode CCurl_setopt_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode CCurl_setopt_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode CCurl_setopt_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode CCurl_setopt_data_callback(CURL *handle, CURLoption option, CCurlDataCallback value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode CCurl_setopt_progress_callback(CURL *handle, CURLoption option, CCurlProgressCallback value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode CCurl_getinfo_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode CCurl_getinfo_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode CCurl_getinfo_string(CURL *handle, CURLINFO info, char **value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode CCurl_getinfo_pointer(CURL *handle, CURLINFO info, void *value) {
    return curl_easy_getinfo(handle, info, value);
}

#endif

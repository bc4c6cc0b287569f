// libp2p is written for Node.js 22; this is all that it misses on 20.

Promise.withResolvers ??= function () {
  const deferred = {}
  deferred.promise = new this((resolve, reject) => {
    deferred.resolve = resolve
    deferred.reject = reject
  })
  return deferred
}

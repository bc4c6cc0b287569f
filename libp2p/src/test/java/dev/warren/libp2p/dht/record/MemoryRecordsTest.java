package dev.warren.libp2p.dht.record;

import dev.warren.libp2p.dht.routing.Key;

class MemoryRecordsTest extends RecordStoreContract {
  @Override
  protected RecordStore store(Key self, RecordStore.Limits limits) {
    return new MemoryRecords(self, limits);
  }
}

package dev.warren.libp2p.dht.record;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.warren.libp2p.identity.PeerId;

class RecordsFuzzTest {
  private static final PeerId NAME =
      PeerId.parse("12D3KooWLU2znyJMtDiHArqAGbZn8CgUGp92kxDBtefftEEaHSZS");

  @FuzzTest(maxDuration = "30s")
  void whateverIsStoredUnderIpnsIsReadOrRefused(byte[] bytes) {
    try {
      IpnsRecord.open(NAME, Value.of(bytes));
    } catch (InvalidRecordException expected) {
      // typed, as promised
    }
  }

  @FuzzTest(maxDuration = "30s")
  void whateverIsInTheDataOfARecordIsReadOrRefused(byte[] bytes) {
    try {
      CborFields.parse(bytes);
    } catch (InvalidRecordException expected) {
      // typed, as promised
    }
  }

  @FuzzTest(maxDuration = "30s")
  void whateverIsStoredUnderWarrenIsReadOrRefused(byte[] bytes) {
    try {
      WarrenRecord.open(Value.of(bytes));
    } catch (InvalidRecordException expected) {
      // typed, as promised
    }
  }
}

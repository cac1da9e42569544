#include "fuzz/byte_source.h"
#include "rtp/telephone_event.h"

/// Any packets at any times: only the sixteen keys are ever reported, never more presses than packets, none left after the time-out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offhook;
  using fuzz::require;
  fuzz::ByteSource source(data, size);
  TelephoneEventReceiver receiver;
  std::int64_t now_ms = 0;
  int packets = 0;
  int presses = 0;
  const auto note = [&](const std::optional<Digit>& digit) {
    if (!digit) return;
    require(kDtmfDigits.find(digit->digit) != std::string_view::npos);
    ++presses;
  };
  while (!source.empty()) {
    const auto action = source.number<std::uint8_t>();
    now_ms += action >> 2;
    // Few timestamps, so that packets belong together often.
    const std::uint32_t timestamp = action & 1 ? source.number<std::uint32_t>() : source.number<std::uint8_t>() * 65'535U;
    const auto payload = source.take(action & 2 ? 4 : source.number<std::uint8_t>());
    note(receiver.on_packet(timestamp, payload, now_ms));
    ++packets;
    if (action & 4) note(receiver.on_tick(now_ms));
  }
  now_ms += TelephoneEventReceiver::kTimeoutMs;
  note(receiver.on_tick(now_ms));
  require(presses <= packets);
  require(!receiver.on_tick(now_ms + 1'000'000));
  return 0;
}

#include <array>

#include "fuzz/byte_source.h"
#include "rtp/packet.h"

/// Any datagram: the payload lies inside it, and the header survives being written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using offhook::fuzz::require;
  const auto view = offhook::parse_rtp({data, size});
  if (!view) return 0;
  require(view->payload.size() + offhook::kRtpHeaderBytes <= size);
  require(view->payload.data() >= data + offhook::kRtpHeaderBytes);
  require(view->payload.data() + view->payload.size() <= data + size);
  unsigned sum = 0;
  for (const auto byte : view->payload) sum += byte;
  require(sum <= 255U * size);

  std::array<std::uint8_t, offhook::kRtpHeaderBytes> bytes{};
  require(offhook::write_rtp_header(bytes, *view) == bytes.size());
  const auto again = offhook::parse_rtp(bytes);
  require(again && again->sequence == view->sequence && again->timestamp == view->timestamp && again->ssrc == view->ssrc &&
          again->marker == view->marker && again->payload_type == view->payload_type);
  return 0;
}

// A program of somebody else's that uses the installed library.
#include <iostream>
#include <memspice/device.hpp>

int main() {
  for (const auto& type : memspice::standard_catalogue()->types()) std::cout << type->name << '\n';
}

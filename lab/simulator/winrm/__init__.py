"""A WinRM endpoint on loopback that real clients accept: WS-Management, NTLM, message encryption, WinRS and PSRP."""

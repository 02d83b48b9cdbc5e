export const DOMAIN = "getscreen";
export const BRAND = "Getscreen.me";
export const DOCUMENTATION = "https://github.com/getscreen-home-assistant/getscreen";

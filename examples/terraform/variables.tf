variable "app_url" {
  description = "Address of the app, such as https://APP.azurewebsites.net"
  type        = string
  validation {
    condition     = can(regex("^https://[^/?#]+$", var.app_url))
    error_message = "The address must begin with https:// and have no path."
  }
}

variable "app_key" {
  description = "A key of the app; one that can only read is enough"
  type        = string
  sensitive   = true
}

variable "container_id" {
  description = "Resource id of the container for uploads"
  type        = string
}

variable "vhd_file" {
  description = "Path of a fixed VHD, generalized"
  type        = string
}

variable "image_name" {
  description = "Name of the image"
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,78}[A-Za-z0-9_]$", var.image_name))
    error_message = "The name has 2 to 80 letters, digits, dots, hyphens and underscores."
  }
}

variable "image_resource_group" {
  description = "Resource group of the image: IMAGE_RESOURCE_GROUP of the app"
  type        = string
}

variable "os_type" {
  description = "Linux or Windows"
  type        = string
  default     = "Linux"
  validation {
    condition     = contains(["Linux", "Windows"], var.os_type)
    error_message = "The operating system is Linux or Windows."
  }
}

variable "timeout_seconds" {
  description = "How long to wait for the image"
  type        = number
  default     = 7200
}
